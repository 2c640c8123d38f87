/** Syntax that other tools lower behind the compiler (decorators, auto-accessors), and JSX, which is lowered before it. */
import { compile } from "@rove/compiler"
import * as rove from "@rove/fibers/runtime"
import { transformSync } from "esbuild"
import { expect, test } from "vitest"

const options = { always: true, sourceType: "script", runtime: { global: "rove" } } as const

/** What `main` yields, after esbuild lowered the text. */
function run(code: string, given: Record<string, unknown> = {}): unknown[] {
  const lowered = transformSync(code, { target: "es2022" }).code
  const all = { rove, ...given }
  const main = new Function(...Object.keys(all), `${lowered}\nreturn main`)(...Object.values(all)) as () => Generator
  return [...main()]
}

const DECORATED = `"use strict"
const seen = []
function note(value, context) { seen.push(context.kind + " " + String(context.name)); return value }
function twice(value) { return function () { return [value.call(this), value.call(this)] } }
@note class A { @note m() { return 1 } @note x = 1; @note accessor y = 2; @note *g() { yield "g" } *h() { yield this.y } @twice k() { return 3 } }
function* main() {
  const a = new A()
  yield* a.g(); yield* a.h(); yield a.k(); yield a.m()
  let n = 0
  const count = (value, context) => { n++; seen.push("count " + context.name); return value }
  @count class B { @count m() { return n } @count accessor q = seen.length; *s() { yield n } @(count) static z = 5 }
  yield new B().m(); yield new B().q; yield* new B().s(); yield B.z; yield [...seen]
}`

test("decorated classes mean the same after another tool lowered them, at module level and in generators", () => {
  const compiled = compile(DECORATED, "src/a.js", options)
  expect(run(compiled?.code ?? "")).toEqual(run(DECORATED))
  expect(compiled?.functions.map(f => f.id)).toEqual(expect.arrayContaining(["src/a.js#main", "src/a.js#A.h"]))
})

test("a decorated generator stays native, with a warning: its class may have something else in its place", () => {
  const { diagnostics = [] } = compile(DECORATED, "src/a.js", options) ?? {}
  expect(diagnostics.map(d => `${d.line} ${d.code} ${d.message}`)).toContain(
    "5 ROVE_DYNAMIC a decorated generator stays native",
  )
})

test("where the output is final, decorators and auto-accessors are errors with their places", () => {
  const error = (source: string) => () => compile(source, "src/a.ts", { always: true, final: true })
  expect(error("function* f() {}\n@note class A {}")).toThrow(
    "src/a.ts:2:1: error ROVE_UNSUPPORTED: Node cannot run decor",
  )
  expect(error("class A { accessor x = 1 }")).toThrow("src/a.ts:1:11: error ROVE_UNSUPPORTED: Node cannot run auto-acc")
})

test("a decorator with a yield is an error with its place, whoever comes behind", () => {
  const source = "function* f() { @(yield 1) class A {} }"
  expect(() => compile(source, "src/a.ts", { always: true })).toThrow("src/a.ts:1:17: error ROVE_UNSUPPORTED")
})

test("JSX in TypeScript: the automatic runtime, and the classic one by its comment", () => {
  const body = "function* main() { const n: number = yield 1; yield <b a={n}>{yield 2}<>x</></b> }"
  const automatic = compile(body, "src/a.tsx", { always: true })?.code
  expect(automatic).toContain('from "react/jsx-runtime"')
  const own = compile(`/** @jsxImportSource mine */ ${body}`, "src/a.tsx", { always: true })?.code
  expect(own).toContain('from "mine/jsx-runtime"')
  const classic =
    compile(`/** @jsxRuntime classic */ /** @jsx h */ /** @jsxFrag F */ ${body}`, "src/a.tsx", options)?.code ?? ""
  const h = (...parts: unknown[]) => parts
  expect(run(classic, { h, F: "f" })).toEqual([1, 2, ["b", { a: undefined }, undefined, ["f", null, "x"]]])
})
