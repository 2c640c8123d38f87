import { expect, test } from "vitest"
import { KeptOutcomes } from "./kept-outcomes.ts"

test("ends that somebody was told of make room for others first; those that nobody asked for stay", () => {
  const forgotten: string[] = []
  const kept = new KeptOutcomes({ told: 2, untold: 4 }, id => forgotten.push(id))
  for (const id of ["a", "b", "c"]) kept.add(id, false)
  for (const id of ["x", "y", "z"]) kept.add(id, true)
  expect(forgotten).toEqual(["x"])
  kept.tell("b")
  expect(forgotten).toEqual(["x", "y"])
  kept.tell("b")
  kept.tell("unknown")
  expect(forgotten).toEqual(["x", "y"])
  for (const id of ["d", "e", "f"]) kept.add(id, false)
  expect(forgotten).toEqual(["x", "y", "a"])
})
