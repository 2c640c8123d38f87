import { expect, test } from "vitest"
import { compile } from "../compile.ts"

const compiled = (body: string) => compile(`function* main(v, x) { ${body} }`, "src/a.js", { always: true })?.code ?? ""

test("what is behind an operand of `yield*` is told with it, statements by their number alone", () => {
  expect(compiled("yield* v.a")).toContain("v.a, true)")
  expect(compiled("yield* v.a; x; x")).toContain('v.a, "*2:")')
  expect(compiled("[yield* v.a, x.y]; x")).toContain('v.a, "*1:,x.y]")')
  expect(compiled("({ [yield* v.a]: 1 }); x")).toContain("v.a, void 0)")
})

test("programs may be long and deep: of an expression it is some thousand characters at most", () => {
  const told = (body: string) => (compiled(body).match(/"\*[^"]*"/g) ?? []).map(text => text.length)
  const many = (part: string, between: string) => Array.from({ length: 300 }, () => part).join(between)
  expect(Math.max(...told(many("yield* v.a", "; ")))).toBeLessThan(10)
  expect(Math.max(...told(`[${many("yield* v.a", ", ")}]`))).toBeLessThan(2_100)
  expect(compiled(`if (x) 1; ${"else if (x) yield* v.a; ".repeat(1_000)}`)).toContain('"*1:"')
})
