/** Suspending until somebody has the fiber go on, on one thread and on a pool. */
import { channel, type FiberHandle, LocalHost, Pool, type Resumer } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./suspend.fibers.ts"

const pool = await Pool.start({ workers: 2, grace: 2000 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }
/** A loaded machine takes its time to start threads. */
const reason = (fiber: FiberHandle<unknown>) =>
  expect.poll(async () => (await fiber.status()).waitsFor, { timeout: 15_000 })
const codeOf = (code: string) => expect.objectContaining({ code })

describe.each(Object.entries(hosts))("suspend(register) %s", (_, host) => {
  test("ordinary code resumes once, with a value, a clone, or an error; later calls say false", async () => {
    expect(await host.run(fibers.byCallbacks())).toEqual([
      "later",
      [true, 3],
      1,
      [true, false, false],
      "async",
      { n: 1 },
      false,
    ])
  })
  test("what register throws is thrown, however it is written; its resumer resumes nobody", async () => {
    expect(await host.run(fibers.failsToRegister())).toEqual([
      "RangeError: at once",
      "RangeError: of a promise",
      "RangeError: of a generator",
      false,
      false,
      false,
    ])
  })
  test("of many fibers that have the resumer exactly one is the first", async () => {
    for (let i = 0; i < 10; i++) {
      const { got, first } = await host.run(fibers.raced(20))
      expect(first).toEqual([got])
    }
  })
  test("an interrupt, its timeout, and one around it end the wait; a resumer then says false", async () => {
    const late = expect.stringMatching("wait for resumption.*: not within 5 ms")
    expect(await host.run(fibers.ends())).toEqual([
      "delivered",
      "ROVE_INTERRUPTED",
      false,
      "ROVE_TIMEOUT",
      late,
      false,
      "ROVE_TIMEOUT",
      "it took longer than 100 ms",
      false,
    ])
  })
  test("where nothing may wait register is not called; what is no function is refused, and so is a select", async () => {
    expect(await host.run(fibers.refused())).toEqual([
      "ROVE_NO_BLOCK",
      "ROVE_INVALID_ARGUMENT",
      "ROVE_INVALID_ARGUMENT",
      "ROVE_INVALID_ARGUMENT",
      0,
    ])
  })
})

describe("between threads", { timeout: 40_000 }, () => {
  test("a value or an error of a class of the program comes from another thread; ordinary code there is refused", async () => {
    const [a, b] = [
      await pool.run(fibers.fromThread(2, false), { prefer: 1 }),
      await pool.run(fibers.fromThread(1, true), { prefer: 2 }),
    ]
    expect(a).toEqual([true, 7, [true, "ROVE_NO_FIBER", 2]])
    expect(b).toEqual(["Error: refused 7 times", true, [true, "ROVE_NO_FIBER", 1]])
  })

  test("a fiber whose thread goes while it waits is resumed elsewhere", async () => {
    await using two = await Pool.start({ workers: 2 })
    const resumers = channel<Resumer<string>>()
    const go = channel<void>()
    const waiting = two.run(fibers.waits(resumers, undefined, 2))
    const resuming = two.run(fibers.resumes(resumers, go))
    await reason(waiting).toMatch("wait for resumption")
    await two.resize(1)
    await two.run(fibers.gives(go))
    expect(await waiting).toBe("from afar")
    expect(await resuming).toBe(true)
  })

  test("one that has moved is told when the thread dies where it began to wait", async () => {
    await using two = await Pool.start({ workers: 2 })
    const waiting = two.run(fibers.waitsElsewhere(2, 1))
    await reason(waiting).toMatch("wait for resumption")
    expect((await waiting.status()).thread).toBe(1)
    two.run(fibers.dies(2)).catch(() => {})
    await expect(waiting).rejects.toThrow(codeOf("ROVE_WORKER_LOST"))
  })

  test("a record of it, waiting or still registering, goes on in its pool, and its resumer has it go on", async () => {
    for (const ms of [0, 60_000]) {
      const resumers = channel<Resumer<string>>({ capacity: 1 })
      const waiting = pool.run(fibers.registersFor(ms, resumers))
      await reason(waiting).toMatch(ms === 0 ? "wait for resumption" : "sleep")
      const record = await waiting.record()
      const again = pool.resume(record)
      expect(await pool.run(fibers.resumesAtOnce(resumers))).toBe(true)
      if (ms === 0) expect(await again).toBe("from another")
      else await again.interrupt()
    }
  })

  test("a record that is resumed in another runtime waits for nobody there", async () => {
    const resumers = channel<Resumer<string>>({ capacity: 1 })
    const waiting = pool.run(fibers.waits(resumers))
    await reason(waiting).toMatch("wait for resumption")
    const record = await waiting.record()
    await expect(new LocalHost().resume(record)).rejects.toThrow(codeOf("ROVE_UNKNOWN_OBJECT"))
  })
})
