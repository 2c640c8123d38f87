import { expect, test } from "vitest"
import { compile } from "./compile.ts"

const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const
const accepted = (source: string) => {
  try {
    compile(source, "a.js", options)
    return true
  } catch {
    return false
  }
}
const native = (source: string) => {
  try {
    new Function(source)
    return true
  } catch {
    return false
  }
}

test.each([
  "function* f() { function g() {} { var g = 1 } }",
  "function f() { function* g() {} for (var g of []); }",
  "function f() { label: function g() {} if (1) { var { a: [g] } = 1 } }",
  "class A { static { function g() {} { var g } } }",
  "const f = () => { function g() {} try {} catch { var g } }",
  "function f() { function g() {} { let g; { var g } } }",
  "function f() { function g() {} { var g } let g }",
  "function f() { { function g() {} { var g } } }",
  "function f() { function g() {} for (let g of []) { var g } }",
  "function f() { function g() {} try {} catch ([g]) { var g } }",
  "function* f() { if (true) { function g() {} } const g = 1; yield g }",
  "function f() { if (1) function g() {} else function g() {} let g }",
  "function f() { { function g() {} let g } }",
  "function f() { { function g() {} } class g {} { { let g; { function g() {} } } } }",
  "function f() { switch (1) { case 1: function g() {} } let g }",
  "function f() { switch (1) { case 1: function g() {}; case 2: let g } }",
  "function f() { { function* g() {} } let g; { let h; var h } }",
  "function f() { { function g() {} } let g; let g }",
  "function f() { { { function g() {} } var g } let g }",
  "{ function g() {} } let g",
])("a name that is declared twice is an error if it is one natively: %s", source => {
  expect(accepted(source)).toBe(native(source))
})

test("at the top of a module functions are lexical: a var in a block may not repeat one", () => {
  expect(() => compile('"use fibers"; function g() {} { var g }', "a.mjs")).toThrow(/`g` has already been declared/)
})
