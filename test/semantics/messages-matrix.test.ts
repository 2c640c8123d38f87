/**
 * Messages of errors that the engine throws, form by form: what is called, read, taken apart or iterated in each way, with
 * and without stops among its operands, is called in compiled code what native code calls it.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs as text
import { compile } from "@rove/compiler"
import * as rove from "@rove/fibers/runtime"
import { describe, expect, test } from "vitest"

/** `shared`, `held` and `loose` are variables that closures share. */
const GIVEN = `"use strict"; const o = { m() { return o }, y: null }, n = null, five = 5, deep = { a: { b: {} } }, tag = () => undefined
let u, k = "key"
const f = () => null
class C {}
`
const OPERANDS = [
  "u",
  "five",
  "o.x",
  'o["x y"]',
  "o[k]",
  "this.x",
  "this",
  "shared",
  "held.x",
  "loose",
  "given",
  "arguments[0]",
  "f()",
  "o.m()",
  "new C().x",
  "tag`t`",
  "`t`",
  "(0, u)",
  "u ?? n",
  "u = n",
  "k++",
  "-u",
  "1n",
  "o?.x",
  'deep.a?.["q"]',
  "deep.a.b.c",
  "{}.x",
  "(yield 7)",
  "o[yield 7]",
  "f(yield 7)",
  "f()()",
  "f(1)(2).x",
  "new (f())",
  "new (o.m())()",
  "f() + 1",
  "f().a",
  "new C().x.y",
  "class { static [k] = 1 }",
  "class extends C { [k]() {} x() {} }",
  "f.call.call(1)",
  "[...[1]][5]",
  "(n, f())",
  "u ?? f()",
  "f() || f()",
  "f?.()()",
  "(u ? f : u)()",
]
const FORMS: Readonly<Record<string, (operand: string) => string>> = {
  "is called": x => `(${x})(1, 2)`,
  "is called as it stands": x => (/^[\w.]+[.\])]\w*$/.test(x) && !/^this$|^1|^-/.test(x) ? `${x}()` : "u()"),
  "is called with what stops": x => `(${x})(yield 3)`,
  "is called with a spread that stops": x => `(${x})(...[yield 3])`,
  "is constructed": x => `new (${x})(1)`,
  "is constructed with what stops": x => `new (${x})(yield 3)`,
  "has a member that has none": x => `(${x}).p.q`,
  "has a method that is none": x => `(${x}).p()`,
  "has a method that is none, called with what stops": x => `(${x}).p(yield 3)`,
  "has a method by a key that stops": x => `(${x})[yield 3]()`,
  "has a constructor that is none": x => `new (${x}).p(yield 3)`,
  "is a tag": x => `(${x})\`a\``,
  "is a tag of what stops": x => `(${x})\`a\${yield 3}\``,
  "has a tag": x => `(${x}).p\`a\``,
  "is spread into an array": x => `[...(${x})]`,
  "is spread into arguments": x => `f(...(${x}))`,
  "is spread among arguments": x => `new C(...(${x}), yield 2)`,
  "is iterated": x => `for (const q of (${x})) yield 3`,
  "is an element that a loop takes apart": x => `for (const [q] of [(${x})]) yield 3`,
  "is a value that a loop takes apart": x => `for (const { q } of [(${x})]) yield 3`,
  "is taken apart": x => `const { q } = (${x})`,
  "is taken apart with a default that stops": x => `const { q = yield 3 } = (${x})`,
  "is taken apart twice": x => `const { q: { r } } = (${x})`,
  "is taken apart twice with a default that stops": x => `const { q: { r = yield 3 } } = (${x})`,
  "is taken apart by a key that stops": x => `const { [yield 3]: q } = (${x})`,
  "is taken apart as a rest": x => `const { ...q } = (${x})`,
  "is taken apart by index": x => `const [q] = ${x}`,
  "is taken apart by index, in parentheses": x => `const [q = yield 3] = (${x})`,
  "is taken apart by index inside": x => `const { p: [q] } = (${x})`,
  "is taken apart by index inside an array": x => `const [[q] = yield 3] = [(${x})]`,
  "is assigned to a pattern": x => `let q; ({ q } = (${x}))`,
  "is assigned to a pattern that stops": x => `let q; ({ q = yield 3 } = (${x}))`,
  "is assigned to an array": x => `let q; [q = yield 3] = (${x})`,
  "has a member that is assigned": x => `(${x}).p.q = yield 3`,
  "has a member that is changed": x => `(${x})[yield 3].q++`,
  "has a member that is deleted": x => `delete (${x}).p[yield 3].z`,
  "is looked into": x => `(yield 3) in (${x})`,
  "is asked for its instances": x => `(yield 3) instanceof (${x})`,
  "is extended": x => `class A extends (${x}) { [yield 3]() {} }`,
  "is asked, if it is there": x => `(${x})?.p.q(yield 3)`,
  "is called, if it is there": x => `(${x})?.(yield 3).z.w`,
}
const STATEMENT = /^(for|const|let|class)/

function program(form: string): string {
  const statement = STATEMENT.test(form) ? form : `void (${form})`
  return `${GIVEN}function* main(given) {
    let shared = n, held = o, loose = u
    const keep = () => [shared, held, loose], share = () => { shared = undefined; held = o; loose = undefined }
    share()
    yield 0
    ${statement}
    yield "no error"
  }`
}

function outcome(code: string): unknown[] {
  const main = new Function("rove", `${code}\nreturn main`)(rove) as () => Generator
  const seen: unknown[] = []
  try {
    for (const value of main.call({})) seen.push(value)
  } catch (error) {
    seen.push(`${error}`)
  }
  return seen
}

const isProgram = (source: string) => {
  try {
    new Function(source)
    return true
  } catch {
    return false
  }
}

describe("an error names what", () => {
  test.each(Object.keys(FORMS))("%s", name => {
    const sources = OPERANDS.map(x => program((FORMS[name] as (x: string) => string)(x))).filter(isProgram)
    expect(sources.length).toBeGreaterThan(20)
    for (const source of sources) {
      const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const
      expect(outcome(compile(source, "a.js", options)?.code ?? ""), source).toEqual(outcome(source))
    }
  })
})
