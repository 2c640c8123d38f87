import { expect, test } from "vitest"
import { Alarm } from "./alarm.ts"

/** An event loop whose alarms the test rings, at time 100. */
function loop() {
  const set: number[] = []
  let callback: (() => void) | null = null
  const alarm = (ms: number, ring: () => void) => {
    set.push(ms)
    callback = ring
    return () => {
      if (callback === ring) callback = null
    }
  }
  let rings = 0
  const one = new Alarm({ alarm }, { now: () => 100 }, () => rings++)
  return { one, set, ring: () => callback?.(), isSet: () => callback !== null, rings: () => rings }
}

test("an alarm is set for the first timer, left as it is for later ones, and set anew for an earlier one", () => {
  const { one, set, ring, rings } = loop()
  for (const at of [Number.POSITIVE_INFINITY, 150, 150, 900, Number.POSITIVE_INFINITY, 120]) one.set(at)
  expect(set).toEqual([50, 20])
  ring()
  expect(rings()).toBe(1)
})

test("an alarm that has rung or was cancelled is set again for whatever comes next", () => {
  const { one, set, ring, isSet, rings } = loop()
  one.set(110)
  ring()
  one.set(500)
  one.cancel()
  expect(isSet()).toBe(false)
  one.set(700)
  expect(set).toEqual([10, 400, 600])
  expect(rings()).toBe(1)
})
