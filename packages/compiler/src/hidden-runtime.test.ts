import { expect, test } from "vitest"
import { compile } from "./compile.ts"
import { CompileError } from "./diagnostics.ts"

/** The places of errors. */
function errors(source: string, global = "rove"): string[] {
  try {
    compile(source, "a.js", { sourceType: "script", always: true, runtime: { global } })
    return []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)
  }
}

test("a variable in or around a generator function that hides the runtime's global is an error with its place", () => {
  const hides = "ROVE_UNSUPPORTED `rove` is a variable here, and the global in which compiled code finds its runtime"
  for (const source of [
    "function* f() { for (const x of [1]) { const rove = x; yield rove } }",
    "function* f(rove) { yield 1 }",
    "function* f() { const g = () => { let rove; return rove }; yield g() }",
    "const g = function () { try {} catch (rove) {} return function* () { yield 1 } }",
  ])
    expect(errors(source)).toEqual([expect.stringMatching(new RegExp(`^1:\\d+ ${hides}$`))])
  expect(errors("function* f(rove) { yield rove }", "fibers")).toEqual([])
  expect(errors("function* f(mine) { yield 1 }", "mine.rove")).toHaveLength(1)
})

test("where nothing is compiled, and as a property, the name is anybody's", () => {
  expect(
    errors("function f(rove) { return rove } function* g() { yield g.rove; yield { rove: 1 }; yield rove }"),
  ).toEqual([])
})
