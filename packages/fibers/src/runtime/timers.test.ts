import { expect, test } from "vitest"
import { fire, Timers } from "./timers.ts"

test("timers are due by time, then by age, and cancelled ones never", () => {
  const timers = new Timers()
  const fired: number[] = []
  const handles = Array.from({ length: 2000 }, (_, i) => timers.add((i * 7919) % 500, () => fired.push(i)))
  for (let i = 0; i < 2000; i += 3) {
    handles[i]?.cancel()
    handles[i]?.cancel()
  }
  const expected = Array.from({ length: 2000 }, (_, i) => i)
    .filter(i => i % 3 !== 0)
    .sort((a, b) => ((a * 7919) % 500) - ((b * 7919) % 500) || a - b)
  expect(timers.size).toBe(expected.length)
  expect(timers.next).toBe(0)
  for (let now = 0; now <= 500; now += 10) for (let f = timers.due(now); f !== null; f = timers.due(now)) fire(f)
  expect(fired).toEqual(expected)
  expect(timers.next).toBe(Number.POSITIVE_INFINITY)
})
