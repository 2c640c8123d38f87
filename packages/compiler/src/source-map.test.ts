import { eachMapping, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { expect, test } from "vitest"
import { print } from "./4-generate/print.ts"
import { lineStarts, positionAt } from "./positions.ts"
import { composeMap, locator } from "./source-map.ts"
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

test("the map of a printed text leads each mark to its place", () => {
  const { code, mappings } = print("|p0|a\n\nb|p1||p3|c |p5|d", "|")
  expect(code).toBe("a\n\nbc d")
  const map = composeMap(mappings, locator("x\nyz\nw", null), "src/a.js", "x")
  const found: unknown[] = []
  eachMapping(
    new TraceMap({ ...map, sources: [...map.sources], sourcesContent: [...map.sourcesContent], names: [] }),
    m => found.push([m.generatedLine, m.generatedColumn, m.originalLine, m.originalColumn]),
  )
  expect(found).toEqual([
    [1, 0, 1, 0],
    [3, 1, 2, 1],
    [3, 3, 3, 0],
  ])
})
