import { expect, test } from "vitest"
import { compile } from "../compile.ts"

const ids = (source: string) => compile(`"use fibers"\n${source}`, "a.ts")?.functions.map(f => f.id.slice(5))

test("functions of a namespace are named with it, and with those around it", () => {
  expect(ids("namespace A { export function* f() {} export const g = function* () {} }")).toEqual([
    "A.f",
    "A.anonymous",
  ])
  expect(ids("namespace A.B { export class K { *m() {} } } namespace A.B { function* f() {} }")).toEqual([
    "A.B.K.m",
    "A.B.f",
  ])
  expect(ids("namespace A { function* f() {} } namespace B { function* f() {} } function* f() {}")).toEqual([
    "A.f",
    "B.f",
    "f",
  ])
})
