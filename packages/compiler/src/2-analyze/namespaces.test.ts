import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError } from "../diagnostics.ts"

const ids = (source: string) => compile(`"use fibers"\n${source}`, "a.ts")?.functions.map(f => f.id.slice(5))

/** What is refused: line and message. */
function refused(source: string, id = "a.ts"): string[] {
  try {
    compile(`"use fibers"\nfunction* f() {}\n${source}`, id)
    return []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.diagnostics.map(d => `${d.code} ${d.line - 2} ${d.hint}`)
  }
}

test("functions of a namespace are named with it, and with those around it", () => {
  expect(ids("namespace A { export function* f() {} export const g = function* () {} }")).toEqual([
    "A.f",
    "A.anonymous",
  ])
  expect(ids("namespace A.B { export class K { *m() {} } } namespace A.B { function* f() {} }")).toEqual([
    "A.B.K.m",
    "A.B.f",
  ])
  expect(ids("namespace A { function* f() {} } namespace B { function* f() {} } function* f() {}")).toEqual([
    "A.f",
    "B.f",
    "f",
  ])
})

test.each([
  ["a function", "namespace N { export function g() {} }\nnamespace N { g() }"],
  ["a constant", "namespace N { export const g = 1 }\nnamespace N { export const h = () => g }"],
  ["what was taken apart", "namespace N { export const { g } = { g: 1 } }\nnamespace N { g }"],
  ["a class", "namespace N { export class g {} }\nnamespace N { new g() }"],
  ["from a namespace inside", "namespace N { export function g() {} }\nnamespace N { namespace I { g() } }"],
  ["an enum", "namespace N { export enum g { A } }\nnamespace N { g.A }"],
])("what another part of a namespace exports is refused by name: %s", (_, source) => {
  expect(refused(source)).toEqual(["ROVE_UNSUPPORTED 2 write `N.g`, or put the parts together"])
})

test.each([
  ["written with the namespace", "namespace N { export const g = 1 }\nnamespace N { N.g }"],
  ["of the same part", "namespace N { export const g = 1; g }"],
  ["of the part around it", "namespace N { export const g = 1; namespace I { g } }"],
  ["one's own", "namespace N { export const g = 1 }\nnamespace N { const g = 1; g }"],
  ["one of the module", "const g = 1; namespace M { export const g = 2 }\nnamespace N { g }"],
  ["not exported", "namespace N { const g = 1 }\ndeclare const g: number; namespace N { g }"],
  ["a type", "namespace N { export interface g {} }\nnamespace N { const x: g = {} }"],
])("other names are found: %s", (_, source) => {
  expect(refused(source)).toEqual([])
})

test("an exported variable that is assigned is refused, for the namespace would keep its first value", () => {
  const hint = "export a function that gives it, or keep it in an object that is a `const`"
  expect(refused("namespace N { export let n = 1;\nexport function up() { n++ } }")).toEqual([
    `ROVE_UNSUPPORTED 2 ${hint}`,
  ])
  expect(
    refused("namespace N { export let n = 1; let m = n; m++; export enum E { A } export enum E { B = 1 } }"),
  ).toEqual([])
})

test("in JavaScript such a name is a global", () => {
  const source =
    "let N; (function (_N) { function g() {} _N.g = g })(N || (N = {}));\n(function (_N) { g() })(N || (N = {}))"
  expect(refused(source, "a.js")).toEqual([])
  expect(refused(source)).toHaveLength(1)
})
