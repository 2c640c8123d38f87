import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { expect, test } from "vitest"
import { strip } from "./strip.ts"

const stripped = (source: string) =>
  strip(source, "a.ts", { kind: "module", typescript: { experimentalDecorators: true } })

const SOURCE = `const log: string[] = []
const d = (name: string) => {
  log.push("asked " + name)
  return (..._: any[]) => void log.push(name)
}
@d("class") class A { @d("static") static s = 1; @d("first") m() {}
  @d("static too") static t(@d("parameter") x: any) {} @d("second") n = 2 }
function f() { @d("inner static") class B { @d("s") static s() {} @d("i") i() {} } return B }
f()
`

test("TypeScript's own decorators are applied to instance members, then to static ones, then to the class", () => {
  const log = new Function(`${stripped(SOURCE).js}\nreturn log`)() as string[]
  expect(log.filter(entry => !entry.startsWith("asked"))).toEqual(
    ["first", "second", "static", "parameter", "static too", "class"].concat("i", "s", "inner static"),
  )
  expect(log.slice(0, 4)).toEqual(["asked first", "first", "asked second", "second"])
})

test("a decorator that has another place than in the source leads there", () => {
  const { js, map } = stripped(SOURCE)
  const lines = js.split("\n")
  const line = lines.findIndex(text => text.includes('d("second")'))
  const whole = { version: 3, sources: ["a.ts"], names: [], mappings: map } as never
  const column = lines[line]?.indexOf('"second"') ?? -1
  expect(originalPositionFor(new TraceMap(whole), { line: line + 1, column })).toMatchObject({ line: 7, column: 58 })
})

test("what is in order stays as it is", () => {
  const source =
    "const d: any = () => () => {}; class A { @d() m() {} @d() static s() {} } class B { @d() static s() {} }"
  const inOrder = stripped(source).js
  expect(inOrder.indexOf("A.prototype")).toBeLessThan(inOrder.indexOf("], A,"))
  expect(inOrder.indexOf("], A,")).toBeLessThan(inOrder.indexOf("], B,"))
})
