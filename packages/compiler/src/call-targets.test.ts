import * as rove from "@rove/fibers/runtime"
import { expect, test } from "vitest"
import { compile } from "./compile.ts"
import { CompileError } from "./diagnostics.ts"

const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const

const program = (statement: string) =>
  `let log = []; function f(x) { log.push("called"); return x?.g ?? (() => null) } const o = { f }, none = () => { log.push("none") };
function* main() { try { yield 0; ${statement}; yield "no error" } catch (e) { yield [e.name, e.message, log] } }`

/** All that it yields, or the error of its syntax. */
function outcome(text: string): unknown {
  let main: () => Generator
  try {
    main = new Function("rove", `${text}\nreturn main`)(rove) as () => Generator
  } catch (error) {
    return (error as Error).name
  }
  return [...main()]
}

function compiledOutcome(source: string): unknown {
  try {
    return outcome(compile(source, "a.js", options)?.code ?? "")
  } catch (error) {
    return error instanceof CompileError ? "SyntaxError" : error
  }
}

test.each([
  "f() = log.push('right')",
  "f() += yield 'right'",
  "f() >>>= 1",
  "f()++",
  "f()--",
  "++f()",
  "- --f(yield 1)",
  "(f( ) /* ) */ )\n= 2",
  "o.f(yield 3)() = 1",
  "f(...[]) = 1",
  "none() = 1",
  "none()++",
  "f(f() = 1)++",
  "for (f() in { a: 1 }) log.push(1)",
  "for (f() in null) log.push(1)",
  "for (f() of [1]) log.push(yield 1)",
  "for (f() = 1;;) break",
  "f`x` = 1",
  "f?.() = 1",
  "new f() = 1",
  "f() ??= 1",
  "[f()] = [1]",
  "({ a: f() } = {})",
  "1 = 2",
])("a call that is assigned to is called, and an error then, as natively: %s", statement => {
  expect(compiledOutcome(program(statement))).toEqual(outcome(program(statement)))
})

test("places behind such a call are those of the source", () => {
  const source = "function* g() { f() = 1; f()++; yield* sleep(1); g() }"
  const points = compile(source, "a.js", options)?.functions.find(f => f.name === "g")?.points
  expect(points?.at(-1)?.column).toBe(source.indexOf("yield*") + 1)
  expect(() => compile("function* g() { f() = 1; 1 = 2 }", "a.js", options)).toThrow("a.js:1:26: error ROVE_SYNTAX")
})

test("the other functions of a source where ReferenceError may be a variable are not compiled either: it is an error with its place", () => {
  expect(() => compile("let ReferenceError; function* g() { f() = 1 }", "a.js", options)).toThrow(
    "a.js:1:37: error ROVE_SYNTAX: Cannot assign to this expression",
  )
})
