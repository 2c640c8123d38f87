import { expect, test } from "vitest"
import { compile } from "../compile.ts"

function live(source: string, name: string) {
  const { points } = compile(source, "src/a.js", { always: true })?.functions.find(f => f.name === name) ?? {
    points: [],
  }
  return points.map(point => point.live)
}

const walk = "function* walk(n) { try { for (const x of n) { yield* f(x, this) } } catch (e) { yield e; throw e } }"

test("locals have the names that the program gives them, whatever else the module declares", () => {
  const alone = live(walk, "walk")
  expect(alone.flat()).toContain("n")
  expect(
    live(`import x from "x"; const n = 1, e = 2; function* other() { ${walk} yield* walk(1) } ${walk}`, "walk"),
  ).toEqual(alone)
  expect(live(`const $ = 1; let $$ = 2; ${walk}`, "walk")).toEqual(alone)
})

test("what shadows another variable, and what every frame has, get names of their own", () => {
  const source =
    "function* main(x) { const pc = x, caller = 1, constructor = 2; { const x = 5; yield x; yield [x, pc, caller, constructor] } return x }"
  expect(live(source, "main")[1]).toEqual(expect.arrayContaining(["x", "x$2", "$pc", "$caller", "$constructor"]))
})

test("variables of the same name in scopes that follow each other are one field, if they are kept in the same way", () => {
  const source = `function* main(a) {
    for (const x of a) yield x; for (const x of a) { yield x; { const x = 1; yield x; a(x) } a(x) }
    for (let x = 1; ; a(() => x++)) yield x }`
  expect([...new Set(live(source, "main").flat())].filter(name => name.startsWith("x"))).toEqual(["x", "x$2", "x$3"])
})

test("a function says which of its variables live in cells: fields of its frames, and places among what it captured", () => {
  const source = `function* main(x, y) {
    let n = 1; const own = { v: 1 }; const add = () => { n += x }
    yield add; const inner = function* () { n++; yield [own, n] }; yield [inner, n, x, y, own] }`
  const { code } = compile(source, "src/a.js", { always: true }) ?? { code: "" }
  expect(code.match(/ cells: \[[^\]]*\]/g)).toEqual([' cells: ["n"]'])
  const [, captures = "", captured = ""] = /captures: (\[[^\]]*\])[^\n]* capturedCells: (\[[^\]]*\])/.exec(code) ?? []
  expect((JSON.parse(captured) as number[]).map(i => (JSON.parse(captures) as string[])[i])).toEqual(["n"])
})
