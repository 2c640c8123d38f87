import { parseSync } from "oxc-parser"
import { expect, test } from "vitest"
import { hashNode } from "./hash.ts"
import { strip } from "./strip.ts"

function hashOf(text: string, name = "a.js"): string {
  const { js } = strip(text, name, { kind: "module" })
  const { program, errors } = parseSync("a.js", js, { lang: "js" })
  expect(errors).toEqual([])
  return hashNode(program.body[0] as object)
}

test("formatting, comments and spelling do not change it", () => {
  const hash = hashOf("function* f(a) { const o = { a, 'b': 1, c: 0x10, 1: /x/g }; yield (o.b); return 'q' + `t` }")
  expect(hash).toMatch(/^[\w-]{16}$/)
  expect(
    hashOf(`function *f(a) {
      // a comment
      const o = { a: a, b: 1.0, "c": 16, "1": /x/g, };;
      yield o.b
      return ("q") + \`t\`
    }`),
  ).toBe(hash)
})

test("types do not change it", () => {
  const hash = hashOf("function* f(a, b) { const x = yield a; return x.y?.z.w }")
  expect(
    hashOf("function* f<T>(a: T, b?: string): Generator<T> { const x = (yield a)! as any; return x.y?.z!.w }", "a.ts"),
  ).toBe(hash)
})

test("meaning changes it", () => {
  const texts = [
    "function* f() { yield 1 }",
    "function* f() { yield '1' }",
    "function* f() { yield 1n }",
    "function* f() { yield* 1 }",
    "function* g() { yield 1 }",
    "function* f() { yield a.b }",
    "function* f() { yield a[b] }",
    "function* f() { yield a?.b.c }",
    "function* f() { yield (a?.b).c }",
    "function* f() { yield /a/g }",
    "function* f() { yield /a/i }",
    "function* f() { yield null }",
    "function* f() { yield undefined }",
    "function* f() { yield [, 1] }",
    "function* f() { yield [1] }",
    "function* f() { yield { a } }",
    "function* f() { yield { [a]: a } }",
    "function* f() { yield { get a() {} } }",
    "function* f() { yield { a() {} } }",
    "function* f() { yield class { a; } }",
    "function* f() { yield class { #a; } }",
    "function* f() { yield x`\\n` }",
    "function* f() { yield x`\n` }",
    "function* f() { yield a + (b + c) }",
    "function* f() { yield a + b + c }",
  ]
  expect(new Set(texts.map(text => hashOf(text))).size).toBe(texts.length)
})
