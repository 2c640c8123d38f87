import { readFileSync } from "node:fs"
import type { ParserOptions } from "oxc-parser"
import { expect, test } from "vitest"
import type { Node } from "./2-analyze/nodes.ts"
import { Parser } from "./parser.ts"

const ways = { json: () => new Parser(Number.POSITIVE_INFINITY), raw: () => new Parser(0) }

function parsed(way: keyof typeof ways, text: string, options: ParserOptions) {
  return ways[way]().parse("a.js", text, { showSemanticErrors: true, ...options })
}

const texts = [
  "#!/usr/bin/env node\n'use strict'\n'use fibers'; f()",
  String.raw`const a = 0x10, b = 1e400, c = 12n, d = /[\p{L}--a]/v, e = /(?<x>a)\k<x>/giu, f = -0, g = 1_000n`,
  String.raw`const s = "\uD800", t = 'é"\n\x00', u = "\u{1F600}😀", v = ${"`"}a${"${"}b}\u{41}😀${"`"}; tag${"`"}\u{zz}${"`"}`,
  "/* é😀 */ class Ünï extends (class {}) { static #p = 1; accessor x; static { this.#p } get [k]() { return super.k } }",
  "const { a = 1, ...rest } = x, [b, , c = 2] = y; for (const [k, v] of m) label: for (;;) continue label",
  "x?.y[z]?.(...w) ?? (a ||= b, async () => { for await (const q of r) await q }, new.target, import.meta, import('x'))",
  "import d, { a as b } from 'x' with { type: 'json' }; import * as n from 'y'; export { b as default }; export * from 'z'",
  "switch (a) { case 1: default: break } try { throw a } catch { } finally { ; } if (a) ; else do { } while (0)",
  "'😀'; let a; let a; break; yield = 1",
  "'😀' +",
  "f() = 1; ({ __proto__: 1, __proto__: 2 }); with (a) { delete b }",
  "@d class A { @e() m() {} }",
  "(function* () { const x = yield* (yield); return [,, 1, ...x] }); var \\u0061b = 'in'",
]

test("a tree out of the parser's memory is the one that comes as JSON, and so are the errors", () => {
  const own = ["parser.ts", "strip.ts", "3-lower/text.ts"].map(name =>
    readFileSync(new URL(name, import.meta.url), "utf8"),
  )
  for (const lang of ["js", "ts"] as const)
    for (const sourceType of ["module", "commonjs", "script"] as const)
      for (const text of [...texts, ...own, texts.slice(1, 5).join("\n").repeat(50)]) {
        const [json, raw] = [parsed("json", text, { lang, sourceType }), parsed("raw", text, { lang, sourceType })]
        expect(raw.errors).toStrictEqual(json.errors)
        expect(raw.program).toStrictEqual(json.program)
      }
})

test("a parser changes over when it has read so many characters", () => {
  const parser = new Parser(10)
  const left = ["12345", "123456", "1"].map(text => {
    expect(parser.parse("a.js", text, {}).program.end).toBe(text.length)
    return JSON.stringify(parser)
  })
  expect(left).toEqual([5, -1, -1].map(characters => JSON.stringify(new Parser(characters))))
})

test("where the memory does not serve, trees come as JSON from then on", () => {
  const deep = `a = ${"[".repeat(8_000)}${"]".repeat(8_000)}`
  const parser = new Parser(0)
  let depth = 0
  let node: Node | undefined = (parser.parse("a.js", deep, {}).program as unknown as Node).body[0]
  for (; node !== undefined; depth++) node = node.expression ?? node.right ?? node.elements[0]
  expect(depth).toBeGreaterThan(8_000)
  expect(parser).toEqual(new Parser(Number.POSITIVE_INFINITY))
})
