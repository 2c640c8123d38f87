import { Frame } from "@rove/core"
import { expect, test } from "vitest"
import { ownClosure } from "./own-code.ts"

const step = (): number => 1

test("code of ours has points by number as they are written down, and is the only one of its kind", () => {
  const closure = ownClosure({ name: "own", points: { start: [], wait: ["ms"] }, Frame, fields: {}, step })
  const { id, name, points, single, make, captures } = closure.code
  expect([id, name, single, make, captures]).toEqual(["rove#own", "own", closure, null, []])
  expect(points.map(({ id, live }) => [id, ...live])).toEqual([["start"], ["wait", "ms"]])
  expect([closure.step, closure.enter]).toEqual([step, step])
})

test("its id is that of records, whatever it is called in stacks", () => {
  const { code } = ownClosure({ id: "yielding", name: "yield*", points: { start: [] }, Frame, fields: {}, step })
  expect([code.id, code.name]).toEqual(["rove#yielding", "yield*"])
})
