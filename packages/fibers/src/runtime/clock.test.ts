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

  test("fires in time order whatever came first, also what is armed by a timer; listeners hear of it", async () => {
    const clock = new RealClock()
    const log: string[] = []
    clock.afterwards(() => log.push("."))
    const start = clock.now()
    const last = new Promise<void>(resolve => clock.timer(start + 40, { due: () => resolve(void log.push("late")) }))
    clock.timer(start + 20, () => log.push("soon"))
    clock.timer(start + 1, () => log.push("never")).cancel()
    clock.timer(start - 5, () => {
      log.push("past")
      clock.timer(start - 5, () => log.push("again"))
    })
    await last
    await new Promise(setImmediate)
    expect(log.filter(entry => entry !== ".")).toEqual(["past", "again", "soon", "late"])
    expect(log.at(-1)).toBe(".")
    expect(clock.armed).toBe(0)
  })

  test("keeps no process alive once all is cancelled", async () => {
    const clock = new RealClock()
    const timeouts = () => process.getActiveResourcesInfo().filter(name => name === "Timeout").length
    const before = timeouts()
    const timers = [1e6, 2e6, 3e6].map(ms => clock.timer(clock.now() + ms, () => {}))
    expect(timeouts()).toBe(before + 1)
    for (const timer of timers) timer.cancel()
    expect(timeouts()).toBe(before)
  })
})
