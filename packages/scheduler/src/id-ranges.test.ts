import { SeededRandom } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { IdRanges } from "./id-ranges.ts"

test("has what was added, alone or in ranges, in whatever order", () => {
  const random = new SeededRandom(7)
  for (let round = 0; round < 60; round++) {
    const [ranges, plain] = [new IdRanges(), new Set<number>()]
    for (let i = 0; i < 25; i++) {
      const first = random.below(60)
      const last = first + (random.below(3) === 0 ? random.below(12) - 1 : 0)
      ranges.addAll(first, last)
      for (let id = first; id <= last; id++) plain.add(id)
      const ids = Array.from({ length: 76 }, (_, n) => n - 1)
      expect(ids.filter(id => ranges.has(id))).toEqual(ids.filter(id => plain.has(id)))
    }
  }
})

test("a million threads that are gone are no more ranges than there are survivors between them", () => {
  const ranges = new IdRanges()
  for (let id = 1; id <= 1_000_000; id++) if (id % 250_000 !== 0) ranges.add(id)
  expect(ranges.size).toBe(4)
  expect(ranges.has(250_000)).toBe(false)
  expect(ranges.has(999_999)).toBe(true)
  ranges.add(250_000)
  expect(ranges.size).toBe(3)
})
