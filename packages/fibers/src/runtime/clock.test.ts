import { describe, expect, test } from "vitest"
import { RealClock, VirtualClock } from "./clock.ts"

describe("a virtual clock", () => {
  test("fires timers by time, then by age, and jumps to each", () => {
    const clock = new VirtualClock(100)
    const log: string[] = []
    for (const [name, at] of [
      ["late", 130],
      ["a", 120],
      ["b", 120],
      ["past", 50],
    ] as const)
      clock.timer(at, () => log.push(`${name}@${clock.now()}`))
    while (clock.skip()) {}
    expect(log).toEqual(["past@100", "a@120", "b@120", "late@130"])
  })

  test("does not fire what was cancelled, and cancelling twice does no harm", () => {
    const clock = new VirtualClock()
    const log: string[] = []
    const a = clock.timer(1, () => log.push("a"))
    clock.timer(2, () => log.push("b"))
    a.cancel()
    a.cancel()
    while (clock.skip()) {}
    expect([log, clock.armed]).toEqual([["b"], 0])
  })

  test("a timer of a callback comes after it, even at the same moment", () => {
    const clock = new VirtualClock()
    const log: string[] = []
    clock.timer(1, () => {
      clock.timer(1, () => log.push("inner"))
      log.push("outer")
    })
    while (clock.skip()) {}
    expect(log).toEqual(["outer", "inner"])
  })

  test("never reaches infinity", () => {
    const clock = new VirtualClock()
    clock.timer(Number.POSITIVE_INFINITY, () => {})
    expect([clock.armed, clock.skip()]).toEqual([0, false])
  })
})

describe("the real clock", () => {
  test("counts what is armed and forgets what is cancelled or fired", async () => {
    const clock = new RealClock()
    const far = clock.timer(clock.now() + 1e12, () => {})
    expect(clock.armed).toBe(1)
    far.cancel()
    far.cancel()
    expect(clock.armed).toBe(0)
    const at = clock.now() + 5
    await new Promise<void>(resolve => clock.timer(at, resolve))
    expect(clock.now()).toBeGreaterThanOrEqual(at - 1)
    expect(clock.armed).toBe(0)
  })
})
