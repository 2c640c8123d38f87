import type { Machine } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { Pace } from "./pace.ts"

test("a slice lasts for a quantum, however often its budget was refilled, and a burst of them for five", () => {
  const clock = { at: 100, now: () => clock.at }
  const machine = { budget: 0 } as Machine
  const pace = new Pace(clock, machine, 4)
  pace.beginTurn()
  pace.beginBurst()
  pace.beginSlice()
  const seen = [100, 103.9, 104, 119.9, 120].map(at => {
    clock.at = at
    const now = pace.tick()
    pace.refill(true)
    return [pace.sliceIsOver(now), pace.burstIsOver(now)]
  })
  const [neither, slice, both] = [
    [false, false],
    [true, false],
    [true, true],
  ]
  expect(seen).toEqual([neither, neither, slice, slice, both])
  pace.beginSlice()
  expect(pace.sliceIsOver(111.9)).toBe(false)
  expect(machine.budget).toBeGreaterThan(0)
})
