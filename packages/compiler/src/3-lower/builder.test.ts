import { Script } from "node:vm"
import { expect, test } from "vitest"
import { compile } from "../compile.ts"

test("what a statement defines in a cell is declared by nobody", () => {
  const source = `function* main() {
    let before = class extends later {}
    class later extends later { set [yield 1](x) {} }
  }`
  const options = { always: true, sourceType: "script", runtime: { global: "rove" } } as const
  const code = compile(source, "src/a.js", options)?.code ?? ""
  expect(() => new Script(code)).not.toThrow()
  expect(code).not.toMatch(/^ *let .*later\.v/m)
})
