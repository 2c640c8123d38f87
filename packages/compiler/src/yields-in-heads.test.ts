import * as rove from "@rove/fibers/runtime"
import { describe, expect, test } from "vitest"
import { compile } from "./compile.ts"
import { CompileError } from "./diagnostics.ts"

const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const
const program = (statement: string) => `function* main(o, b) { ${statement} return a }`

/** What it yields when it is sent "first" and so on, and its result; or the error of its syntax. */
function outcome(text: string): unknown {
  let main: (o: object, b: boolean) => Generator
  try {
    main = new Function("rove", `${text}\nreturn main`)(rove) as typeof main
  } catch (error) {
    return (error as Error).name
  }
  return [true, false].map(b => {
    const it = main({ x: 1, y: 2 }, b)
    try {
      return ["first", "second", "third", "fourth"].map(sent => it.next(sent))
    } catch (error) {
      return String(error)
    }
  })
}
function compiledOutcome(source: string): unknown {
  try {
    return outcome(compile(source, "a.js", options)?.code ?? "")
  } catch (error) {
    return error instanceof CompileError ? "SyntaxError" : error
  }
}

describe("a `yield` without a value in front of the `in` of a for-in", () => {
  test.each([
    "for (var a = yield in o) yield a;",
    "for (var a = yield in {}) ;",
    "for (var a = yield /* bare ) */\n in o) yield a; for (var c = yield in o) yield c;",
    "for (var a = b ? 1 : yield in o) yield a;",
    "for (var a = o.z = yield in o) yield a;",
    "for (var a = yield yield in o) yield a;",
    "for (var a = yield in o) for (var c = yield in o) yield a + c;",
  ])("means what it natively means: %s", statement => {
    const native = outcome(program(statement))
    expect(native).not.toBe("SyntaxError")
    expect(compiledOutcome(program(statement))).toEqual(native)
  })
  test.each([
    "var a = yield in o;",
    "for (var a = (yield in o) in o) ;",
    "for (var a = 1 + yield in o) ;",
    "for (var a = yield in o; ;) break;",
    "for (let a = yield in o) ;",
    "for (var [a] = yield in o) ;",
    "'use strict'; for (var a = yield in o) ;",
    "for (var a = b ? yield in o : 1 in o) ;",
    "for (var a = yield in o) ; if (",
  ])("is a syntax error where it natively is: %s", statement => {
    expect(outcome(program(statement))).toBe("SyntaxError")
    expect(compiledOutcome(program(statement))).toBe("SyntaxError")
  })
  test("a module, which is strict, has none; what is said of it is about the text as it was written", () => {
    const source = '"use fibers"\nexport function* f(o) {\n  for (var a = yield in o) ;\n}'
    expect(() => compile(source, "a.js")).toThrow(/a\.js:3:/)
  })
  test("places behind it are those of the text as it was written", () => {
    const source = "function* f(o) { for (var a = yield in o) ; yield 1 }"
    const code = compile(source, "a.js", options)?.code
    expect(code).toContain(`"line":1,"column":${source.indexOf("yield 1") + 1},`)
  })
})
