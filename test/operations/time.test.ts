/** Operations of time, and loops over generators that wait: on one thread with a virtual clock, and on real threads. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import * as fibers from "./time.fibers.ts"

let pool: Pool
let threads: number[]
beforeAll(async () => {
  pool = await Pool.start({ workers: 3 })
  threads = pool.threads().map(({ id }) => id)
})
afterAll(() => pool.close())
const local = () => new LocalHost({ clock: new VirtualClock(5000) })
const patiently = { timeout: 10_000, interval: 5 }

describe("interval", () => {
  test("gives every tick at its time", async () => {
    expect(await local().run(fibers.ticks(10, 4, []))).toEqual([[1, 2, 3, 4], 0])
  })
  test.each([
    [15, [1, 2, 4]],
    [10, [1, 2, 3]],
    [9, [1, 2, 3]],
    [35, [1, 2, 6]],
  ])("leaves out what comes while the body takes %i ms of 10, and does not drift", async (longer, seen) => {
    expect(await local().run(fibers.missed(10, 2, longer))).toEqual(seen)
  })
  test("goes on counting on whatever thread, and no tick is early", async () => {
    const [seen, early] = await pool.run(fibers.ticks(40, 6, threads))
    // a busy machine may miss some
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b))
    expect(seen.length).toBe(6)
    expect(early).toBeGreaterThanOrEqual(0)
  })
  test("goes on from a record with the next tick", async () => {
    const run = pool.run(fibers.missed(150, 1, 1))
    await expect.poll(async () => (await run.status()).waitsFor, patiently).toMatch(/^sleep that ends in/)
    const record = await run.record()
    const [first, second] = await pool.resume(record)
    expect(first).toBeLessThan(second as number)
  })
  test("is ended by a limit, and by an interrupt", async () => {
    expect(await local().run(fibers.limited(10))).toBe("TimeoutError after true")
    const run = pool.run(fibers.ticks(10, 1e6, []))
    const ended = expect(run).rejects.toThrow("enough")
    expect(await run.interrupt("enough")).toBe("delivered")
    await ended
  })
})

describe("sleepUntil", () => {
  test("waits for the same moment from a record", async () => {
    const clock = new VirtualClock(1000)
    expect(await new LocalHost({ clock }).run(fibers.until(4000))).toBe(true)
    expect(clock.now()).toBe(4000)
    const run = pool.run(fibers.until(performance.timeOrigin + performance.now() + 200))
    await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
    expect(await pool.resume(await run.record())).toBe(true)
  })
})

describe("a loop over a generator that waits", () => {
  const log = ["page 1", "page 2", "page 3"]
  test.each([
    ["break", [...log, "closed", "behind"]],
    ["throw", [...log, "closed", "Error: enough", "behind"]],
    ["end", [...log, "closed", "behind"]],
  ] as const)("left by %s closes it, and waits for that", async (how, expected) => {
    expect(await local().run(fibers.reads([], how))).toEqual(expected)
    expect(await pool.run(fibers.reads(threads, how))).toEqual(expected)
  })
})
