import { expect, test } from "vitest"
import { Slots } from "./slots.ts"

test("a slot keeps its number, and numbers are those of the names", () => {
  const slots = new Slots()
  expect([slots.take("x"), slots.take("y"), slots.take("x")]).toEqual([0, 1, 0])
  expect([slots.find("y"), slots.find("z")]).toEqual([1, undefined])
  expect([slots.findIn("o.y", 2, 3), slots.findIn("yx", 0, 2), slots.findIn("z", 0, 1)]).toEqual([
    1,
    undefined,
    undefined,
  ])
  expect(slots.names).toEqual(["x", "y"])
})
