/** What a time limit of the conformance runs means. */
import { expect, test } from "vitest"
import { OutOfTime, within } from "./deadline.ts"
import { outcome } from "./random/shrink.ts"

const forever = "for (let i = 0; ; i++) if (i < 0) yield i"

test("a program that does not end natively is no program, not a difference", { timeout: 60_000 }, () => {
  expect(outcome({ source: `function* main() { yield 1; ${forever} }` }, undefined, undefined, 100)).toBe("no program")
})

test("time in which this thread did not compute does not count", () => {
  let runs = 0
  const idle = new Int32Array(new SharedArrayBuffer(4))
  const run = (): string => {
    // the clock ends the first turns, which did nothing
    Atomics.wait(idle, 0, 0, runs++ === 0 ? 400 : 0)
    for (let i = 0; runs === 1 && i < 1e10; i++) if (performance.now() < 0) return "never"
    return "ended"
  }
  expect(within(300, run)).toBe("ended")
  expect(runs).toBe(2)
})

test("what computes for ever is broken off", () => {
  expect(() =>
    within(20, () => {
      for (;;);
    }),
  ).toThrow(OutOfTime)
})
