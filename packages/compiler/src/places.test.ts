import { expect, test } from "vitest"
import { compile } from "./compile.ts"
import { CompileError, type Diagnostic } from "./diagnostics.ts"

function told(source: string): readonly Diagnostic[] {
  try {
    return (
      compile(source, "a.js", { sourceType: "script", always: true, runtime: { global: "rove" } })?.diagnostics ?? []
    )
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.diagnostics
  }
}

const places = (source: string) => told(source).map(d => `${d.line}:${d.column} ${d.code} ${d.message}`)

test("a generator that a direct eval keeps native is told at the eval", () => {
  const text = "ROVE_DYNAMIC the generator `f` with a direct eval stays native"
  expect(places("function* f() {\n  yield 1\n  eval('2')\n}")).toEqual([`3:3 ${text}`])
  expect(places("function* f() {\n  yield () => eval('1')\n}")).toEqual([`2:15 ${text}`])
  expect(places("const o = {\n  *m() { eval('2') }\n}")).toEqual([
    "2:10 ROVE_DYNAMIC a generator with a direct eval stays native",
  ])
  expect(places("function f() {\n  eval('2')\n  return function* () { yield 1 }\n}")).toEqual([
    "2:3 ROVE_DYNAMIC a generator beside a direct eval stays native",
  ])
  expect(places("function* f() { (0, eval)('2'); yield 1 }")).toEqual([])
})

test("a generator that a `with` keeps native is told at the `with`, and not to use another eval", () => {
  const inside = told("function* f(o) {\n  with (o) { yield x }\n}")
  expect(inside.map(d => `${d.line}:${d.column} ${d.message}`)).toEqual([
    "2:3 the generator `f` with a `with` stays native",
  ])
  expect(inside[0]?.hint).not.toContain("eval")
  expect(places("with ({}) {\n  with ({}) { function* f() { yield 1 } }\n}")).toEqual([
    "2:3 ROVE_DYNAMIC the generator `f` in a `with` stays native",
  ])
})

test("a name that the runtime needs is told where it is declared", () => {
  const text = "ROVE_UNSUPPORTED `rove` is a variable here, and the global in which compiled code finds its runtime"
  for (const [source, place] of [
    ["function* f() {\n  let a, rove\n  yield 1 }", "2:10"],
    ["function* f(a, {\n  b: [rove] }) { yield 1 }", "2:7"],
    ["const g = function rove() { return function* () { yield 1 } }", "1:20"],
    ["function* f() { yield 1\n  { class rove {} } }", "2:11"],
  ] as const)
    expect(places(source)).toEqual([`${place} ${text}`])
})

test("the parser's errors about what is asynchronous say what a fiber writes", () => {
  const hint = (statement: string) => told(`function* f(s) { ${statement} }`)[0]?.hint
  expect(hint("for await (const x of s);")).toContain("`for (const x of each(source))`")
  for (const statement of ["await using x = s", "for (await using x of s);"])
    expect(hint(statement)).toContain("write `using x = …`")
  expect(hint("const x = await s")).toContain("`yield* wait(promise)`")
  expect(hint("await using")).toContain("`yield* wait(promise)`")
  for (const statement of ["for await (const x of s);", "await using x = s"])
    expect(hint(statement)).toMatch(/; else make the function async$/)
})
