import { expect, test } from "vitest"
import { compile } from "../compile.ts"

function points(body: string) {
  const result = compile(`function* main() { ${body} }`, "src/a.js", { always: true })
  return (result?.functions[0]?.points ?? []).map(({ id, path }) => [id, ...path].join(" < "))
}

test("points are named by what stops there; arguments and what comes before do not matter", () => {
  expect(points("yield* f(1); yield 2; yield* a.b.c(x); yield* this.m(); yield* (0, g)(); yield* list")).toEqual([
    "start",
    "yield* f",
    "yield",
    "yield* a.b.c",
    "yield* this.m",
    "yield*",
    "yield* list",
  ])
  expect(points("log(); yield* f(2, 3)")).toEqual(["start", "yield* f"])
})

test("equal words are numbered, and say how many there are", () => {
  expect(points("yield* f(1); yield; yield* f(2)")).toEqual(["start", "yield* f 1 of 2", "yield", "yield* f 2 of 2"])
})

test("the path has the tries, loops and handlers around a point, from the outside in", () => {
  expect(points("{ try { yield 1 } catch { try { yield 2 } finally { yield 3 } } }")).toEqual([
    "start",
    "yield 1 of 3 < try",
    "yield 2 of 3 < handling < try-finally",
    "yield 3 of 3 < handling < handling",
  ])
  expect(points("while (a) for (;;) yield 1").at(-1)).toBe("yield < loop < loop")
})
