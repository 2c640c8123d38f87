import { expect, test } from "vitest"
import { Patience } from "./patience.ts"

/** Looks in vain until no look is shorter than the one before. */
function tire(patience: Patience): number {
  for (let left = 8; left > 0; left--) patience.lookedInVain(patience.length(false))
  return patience.length(false)
}
const longest = new Patience().length(false)

test("who looks around in vain does so half as long the next time, down to a fortieth; work that is found makes it long again", () => {
  const patience = new Patience()
  patience.lookedInVain(longest)
  expect(patience.length(false)).toBe(longest / 2)
  expect(tire(patience)).toBe(longest / 40)
  patience.found()
  expect(patience.length(false)).toBe(longest)
})

test("a bell soon after falling asleep, or before there is any mail, makes the next look a long one; a later one with mail does not", () => {
  const patience = new Patience()
  const short = tire(patience)
  patience.woken(1, false)
  expect(patience.length(false)).toBe(short)
  patience.woken(0.03, false)
  expect(patience.length(false)).toBe(longest)
  tire(patience)
  patience.woken(1, true)
  expect(patience.length(false)).toBe(longest)
})

test("an answer that is to come is looked for as long as may be, a look in vain or not", () => {
  const patience = new Patience()
  const short = tire(patience)
  expect([patience.length(true), patience.length(false)]).toEqual([longest, short])
})

test("where long looks are in vain and bells come right behind them, ever fewer are taken, until one pays", () => {
  const patience = new Patience()
  const taken = (times: number): number => {
    let long = 0
    for (let left = times; left > 0; left--) {
      const length = patience.length(true)
      if (length === longest) long++
      patience.lookedInVain(length)
      tire(patience)
      // the last look is the one that counts
      patience.lookedInVain(length)
      patience.woken(0.02, false)
    }
    return long
  }
  const early = taken(200)
  const late = taken(200)
  expect(early).toBeLessThan(20)
  expect(late).toBeGreaterThan(0)
  expect(late).toBeLessThan(6)
  patience.answered()
  expect(patience.length(true)).toBe(longest)
})
