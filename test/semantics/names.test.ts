/** That names of the emitted text never meet names of the module. */
import { compile } from "@rove/compiler"
import { expect, test } from "vitest"
import { program } from "./program.ts"

test("functions may be called as the helpers of the runtime are", () => {
  const names = ["poll", "call", "read", "hold", "site", "begin", "iterate", "mark", "out", "delegate"]
  const source = names
    .map(name => `export function* ${name}(x) { for (const y of yield x) yield* ${name}(y) }`)
    .join("\n")
  const once = compile(`"use fibers"\n${source}`, "src/names.js")
  // a name that is declared twice would be an error of the parser
  expect(compile(once?.code ?? "", "src/twice.js", { always: true })).not.toBeNull()
})

test("registers, temporaries and variables of the same name are different things", () => {
  const main = program<() => Generator>(
    `const $m = 1, $v = 2, $pc = 3, $1 = 4, f = 5
     function* main(m) { const v = yield m; { const v = 7; m += v } let f = () => v; return [m, v, f(), $m, $v, $pc, $1] }`,
    "main",
  )
  const g = main.call(undefined)
  expect(g.next()).toEqual({ value: undefined, done: false })
  expect(g.next(9).value).toEqual([Number.NaN, 9, 9, 1, 2, 3, 4])
})
