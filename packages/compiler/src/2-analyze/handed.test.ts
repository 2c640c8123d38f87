import { expect, test } from "vitest"
import { compile } from "../compile.ts"

/** The calls of `f` in the function's body that are handed over as they are, by their first arguments. */
function handed(body: string, head = 'import { all, race as first } from "rove"'): string[] {
  const source = `"use fibers"\n${head}\nfunction* f(n) { return n }\nexport function* main(given) {\n${body}\n}`
  const { code } = compile(source, "/m.js") ?? { code: "" }
  return [...code.matchAll(/\$handed\(\$k, \[([^\],]*)/g)].map(([, first]) => first as string)
}
/** Each once: texts of operands may stand twice. */
const once = (body: string, head?: string): string[] => [...new Set(handed(body, head))].sort()

test("what is written in the list or the object of the call is", () => {
  expect(once("yield* all([f(1), (f(2)), g(3)])")).toEqual(["1", "2", "3"])
  expect(once("yield* all({ a: f(1), 'b': f(2), ['c']: f(3), __proto__: f(4), ...f(5) })")).toEqual(["1", "2"])
  expect(once("return yield* first([f(1), given])")).toEqual(["1"])
})

test("what is pushed to a list of its own that is then given is", () => {
  expect(once("const list = []; for (let i = 0; i < 3; i++) list.push(f(i)); yield* all(list)")).toEqual(["i"])
  expect(once("let list = [f(1)]; if (given) list.push(f(2)); else list.push(given); yield* first(list)")).toEqual([
    "1",
    "2",
  ])
})

test.each([
  ["is looked at", "const list = []; list.push(f(1)); given(list[0]); yield* all(list)"],
  ["has another name", "const list = []; const other = list; list.push(f(1)); yield* all(list)"],
  ["is captured", "const list = []; list.push(f(1)); given(() => list); yield* all(list)"],
  ["becomes another one", "let list = []; list = given; list.push(f(1)); yield* all(list)"],
  ["was given", "given.push(f(1)); yield* all(given)"],
  ["begins as something else", "const list = given(); list.push(f(1)); yield* all(list)"],
  ["says how long it is", "const list = []; given(list.push(f(1))); yield* all(list)"],
  ["is given to nobody", "const list = []; list.push(f(1)); yield 1"],
  ["is given to somebody else too", "const list = []; list.push(f(1)); yield* all(list); yield* given(list)"],
  ["is kept by the operation", "const list = []; list.push(f(1)); const waits = all(list); yield* waits"],
  ["gets several at once", "const list = []; list.push(f(1), f(2)); yield* all(list)"],
])("what goes to a list that %s is not", (_, body) => {
  expect(handed(body)).toEqual([])
})

test("what waits in the call, or is no call of a name, is not", () => {
  expect(handed("yield* all([f(yield 1), f(...given), given.f(2), f?.(3), given])")).toEqual([])
})

test("what a getter sees on its way to the taker is not", () => {
  expect(handed("yield* all({ a: f(1), get b() { return given(this.a) } })")).toEqual([])
  expect(handed("yield* all([f(1), , f(2)])")).toEqual([])
})

test("what another function of that name takes is not", () => {
  expect(handed("yield* all([f(1)])", 'import { all } from "./own.js"')).toEqual([])
  expect(handed("const all = given; yield* all([f(1)])")).toEqual([])
  expect(handed("yield* all([f(1)])", "const all = x => x")).toEqual([])
})

test("a closure in the arguments is made in one place", () => {
  const { code } = compile(
    '"use fibers"\nimport { all } from "rove"\nfunction* f(n) {}\nexport function* main(a) { yield* all([f(() => a)]) }',
    "/m.js",
  ) ?? { code: "" }
  expect(code.match(/\(\) => a/g)?.length).toBe(1)
})
