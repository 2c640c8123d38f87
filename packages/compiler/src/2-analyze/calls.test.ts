import { parseSync } from "oxc-parser"
import { expect, test } from "vitest"
import { calls } from "./calls.ts"
import type { Node } from "./nodes.ts"

const first = (text: string): Node =>
  (parseSync("a.js", `function* f() { ${text} }`).program.body[0] as Node).body.body[0]

test.for([
  "f(x)",
  "new X",
  "tag`a`",
  "o.m()",
  "o?.m()",
  "import(x)",
  "a.sort((x, y) => x - y)",
  "if (a) { b } else if (c) d()",
  "1 + 2 + f() + 3",
  "for (;;) for (;;) f()",
  "(class { static { f() } })",
  "yield f(x)",
  "yield* g(f(x))",
])("calls something: %s", text => {
  expect(calls(first(text))).toBe(true)
})

test.for([
  "s = s + i * 7 ^ i >> 3",
  "a[i] = o.x + y",
  "s += Math.sqrt(x)",
  "g = () => f(x)",
  "function inner() { f() }",
  "yield* f(x)",
  "yield x",
])("calls nothing that does not count itself: %s", text => {
  expect(calls(first(text))).toBe(false)
})
