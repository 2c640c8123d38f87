import { expect, test } from "vitest"
import { Portions } from "./portions.ts"

const THIEF = 3
/** What a thief gets that comes back after so many milliseconds each time, of as many as there may be. */
function portions(pauses: readonly number[], available = Number.POSITIVE_INFINITY): number[] {
  const all = new Portions()
  let now = 100
  return [0, ...pauses].map(pause => {
    now += pause
    const size = Math.min(all.next(THIEF, now), available)
    all.given(THIEF, now, size)
    return size
  })
}

test("a thief gets one fiber, the oldest, and twice as many as last time while it comes back soon, up to a batch", () => {
  expect(portions([0.05, 0.05, 0.05, 0.05, 0.05, 0.05])).toEqual([1, 2, 4, 8, 16, 32, 32])
})

test("one that comes back late gets half as many as last time, one at least", () => {
  expect(portions([0.05, 0.05, 1, 1, 1])).toEqual([1, 2, 4, 2, 1, 1])
})

test("what could not be given does not count", () => {
  expect(portions([0.05, 0.05, 0.05], 2)).toEqual([1, 2, 2, 2])
})

test("each thief has its own", () => {
  const all = new Portions()
  all.given(THIEF, 1, 8)
  expect(all.next(THIEF, 1.1)).toBe(16)
  expect(all.next(THIEF + 1, 1.1)).toBe(1)
})
