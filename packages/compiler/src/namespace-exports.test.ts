import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { expect, test } from "vitest"
import { strip } from "./strip.ts"

const stripped = (source: string, name = "a.ts") => strip(source, name, { kind: "module" })

/** What a TypeScript module leaves in its variable `out`. */
function result(source: string): unknown {
  return new Function(`${stripped(source).js}\nreturn out`)()
}

test.each([
  [
    "a variable",
    "namespace N { export let n = 1; export const up = () => { n++; return n } } N.up(); const out = N.n",
    2,
  ],
  [
    "one without a value",
    "namespace N { export let n: number; export function set() { n = 5 } } N.set(); const out = N.n",
    5,
  ],
  [
    "one that was assigned from outside",
    "namespace N { export let n = 1; export const get = () => n } N.n = 7; const out = N.get()",
    7,
  ],
  [
    "ones of a pattern",
    "namespace N { export let [a, { b = 2, ...c }] = [1, { d: 3 } as any]; [a] = [a + b]; c = c.d } const out = [N.a, N.b, N.c]",
    [3, 2, 3],
  ],
  [
    "in short",
    "namespace N { export let n = 1; export let get = () => ({ n }); ({ n } = { n: 4 }); ({ n = 5 } = {} as any) } const out = N.get()",
    { n: 5 },
  ],
  ["by a loop", "namespace N { export let n = 1; for (n of [2, 3]); } const out = N.n", 3],
  [
    "called",
    "namespace N { export let f = function (this: unknown) { return this === undefined || this === globalThis }; export const out = f() } const { out } = N",
    true,
  ],
])("an exported name means what the namespace has: %s", (_, source, expected) => {
  expect(result(source)).toEqual(expected)
})

test.each([
  ["a function", "namespace N { export function g() { return 1 } } namespace N { export const out = g() }"],
  ["a constant", "namespace N { export const g = 1 } namespace N { export const out = g }"],
  ["a class", "namespace N { export class g { x = 1 } } namespace N { export const out = new g().x }"],
  ["an enum", "namespace N { export enum g { A = 1 } } namespace N { export const out = g.A }"],
  [
    "from a namespace inside",
    "namespace N { export const g = 1 } namespace N { namespace I { export const o = g } export const out = I.o }",
  ],
  [
    "of a namespace inside",
    "namespace N.I { export const g = 1 } namespace N.I { export const h = g } namespace N { export const out = I.h }",
  ],
  [
    "although the module has one",
    "const g = 2; namespace N { export const g = 1 } namespace N { export const out = g }",
  ],
])("what one part of a namespace exports, another part names: %s", (_, source) => {
  expect(result(`${source} const { out } = N`)).toBe(1)
})

test.each([
  ["one's own", "namespace N { export const g = 1 } namespace N { const g = 2; export const out = g }"],
  ["a parameter", "namespace N { export const g = 1 } namespace N { export const out = ((g: number) => g)(2) }"],
  ["of the module", "const g = 2; namespace M { export const g = 1 } namespace N { export const out = g }"],
  ["not exported", "const g = 2; namespace N { const g = 1; g } namespace N { export const out = g }"],
  ["in a block", "namespace N { export let g = 1; export let out = 0; { let g = 2; out = g } }"],
])("a nearer name stays: %s", (_, source) => {
  expect(result(`${source} const { out } = N`)).toBe(2)
})

test("what became longer leads to its place in the source", () => {
  const source = "namespace N { export let n = 1 }\nnamespace N {\n  n; export const x = n + fail()\n}"
  const { js, map } = stripped(source)
  const line = js.split("\n").findIndex(text => text.includes("fail()"))
  const column = (js.split("\n")[line] as string).indexOf("fail")
  const whole = { version: 3, sources: ["a.ts"], names: [], mappings: map } as never
  expect(originalPositionFor(new TraceMap(whole), { line: line + 1, column })).toMatchObject({ line: 3, column: 26 })
})

test("in JavaScript such a name is a global", () => {
  const source =
    "let N; (function (_N) { let g = _N.g = 1; g++ })(N || (N = {}));\n(function (_N) { g })(N || (N = {}))"
  expect(stripped(source, "a.js").js).toBe(source)
})
