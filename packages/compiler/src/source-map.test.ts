import { eachMapping, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { expect, test } from "vitest"
import { print } from "./4-generate/print.ts"
import { lineStarts, positionAt } from "./positions.ts"
import { locator, MapWriter } from "./source-map.ts"
import { strip } from "./strip.ts"

const source = `
enum Colour { Red, Green }
export function* walk<T>(list: readonly T[], { limit = Colour.Red }: { limit?: number } = {}): Generator<T> {
  for (const x of list) if (limit > 0) yield x as T
  return \`\u2028 \${list}\`
}
`

test("places are found as another reader of the map finds them, at every offset of the stripped text", () => {
  const { js, map } = strip(source, "src/a.ts", { kind: "module" })
  const trace = new TraceMap({ version: 3, sources: ["a"], names: [], mappings: map as string })
  const locate = locator(js, map)
  const starts = lineStarts(js)
  for (let offset = 0; offset < js.length; offset++) {
    const { line, column } = positionAt(starts, offset)
    const found = originalPositionFor(trace, { line, column: column - 1 })
    expect(locate(offset)).toEqual({ line: found.line ?? 1, column: (found.column ?? 0) + 1 })
  }
})

test("of segments that name no source, and before the first one of a line, nothing is found", () => {
  const locate = locator("ab\ncd", "A,CAEE;CACA")
  expect([0, 1, 3, 4].map(locate)).toEqual([
    { line: 1, column: 1 },
    { line: 3, column: 3 },
    { line: 1, column: 1 },
    { line: 4, column: 3 },
  ])
})

test("the map of a printed text leads each mark to its place, and of several at one place the last one", () => {
  const map = new MapWriter(locator("x\nyz\nw", null))
  expect(print(["|p0|a\n", "\nb|p1|", "", "|p3|c |p5|d"], "|", map.add)).toBe("a\n\nbc d")
  expect(mappingsOf(map.mappings)).toEqual([
    [1, 0, 1, 0],
    [3, 1, 2, 1],
    [3, 3, 3, 0],
  ])
})

test("maps may be of any length, and lines far apart", () => {
  const map = new MapWriter(locator("x", null))
  const places = Array.from({ length: 30_000 }, (_, i) => [i < 20_000 ? 1 : i * 10, i, 1, 0])
  for (const [line, column] of places) map.add((line as number) - 1, column as number, 0)
  expect(mappingsOf(map.mappings)).toEqual(places)
})

function mappingsOf(mappings: string): unknown[] {
  const found: unknown[] = []
  eachMapping(new TraceMap({ version: 3, sources: ["a"], names: [], mappings }), m =>
    found.push([m.generatedLine, m.generatedColumn, m.originalLine, m.originalColumn]),
  )
  return found
}
