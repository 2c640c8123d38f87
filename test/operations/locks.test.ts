/** Locks and gates on one thread, and between real ones: one at a time, in order, and free again however their owners end. */
import { LocalHost, mutex, readWriteLock, ThreadMutex, VirtualClock } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import * as fibers from "./locks.fibers.ts"

const local = () => new LocalHost({ clock: new VirtualClock() })
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

describe("on one thread", () => {
  test("a mutex is one fiber's, which alone gives it back, once, and does not wait for itself", async () => {
    expect(await local().run(fibers.locally())).toEqual([true, undefined, "ROVE_DEADLOCK", "ROVE_LOCK", false, true])
  })
  test("a guard says `held` to the fiber that holds the lock, and to nobody who has a copy of it", async () => {
    const [inOwner, inOther, copy] = await local().run(fibers.lends())
    expect([inOwner, inOther, copy.held]).toEqual([true, false, false])
  })
  test("readers are inside together, writers alone, in the order in which they came", async () => {
    const seen = await local().run(fibers.readersAndWriters())
    expect(seen).toMatch(/^1:.r0w 2:.r0w 3:0r1w 4:1r0w $/)
    expect(seen).toContain("2r0w")
  })
  test("who waits for many permits is not overtaken by who wants one", async () => {
    expect(await local().run(fibers.permits())).toEqual([undefined, true, true, "ROVE_INVALID_ARGUMENT"])
  })
  test("a ThreadMutex that is held: every stop is refused by its name, and nothing preempts", async () => {
    const refused = "ROVE_THREAD_LOCK the table"
    expect(await local().run(fibers.stopsWithThreadLock())).toEqual([
      refused,
      "ROVE_NO_TAKER",
      refused,
      "went on",
      refused,
      "false",
    ])
  })
  test("ordinary code locks a ThreadMutex too, and it is in no record", () => {
    const own = new ThreadMutex("own")
    {
      using _ = own.lock()
      expect(own.locked).toBe(true)
      expect(() => own.lock()).toThrow("own is locked by ordinary code of this thread")
    }
    expect(own.locked).toBe(false)
    expect(() => new ThreadMutex("")).toThrow("takes a name")
  })
})

describe("between threads", { timeout: 20_000 }, () => {
  let pool: Pool
  beforeAll(async () => {
    pool = await Pool.start({ workers: 2, grace: 2000 })
  })
  afterAll(() => pool.close())

  test.each([1, 2])("one at a time, whichever thread they are on (home %i)", async home => {
    const { mutex } = await pool.run(fibers.all(home))
    const shared = new SharedArrayBuffer(4)
    await Promise.all(upTo(6).map(i => pool.run(fibers.increments(1 + (i % 2), mutex, shared, 40))))
    expect(new Int32Array(shared)[0]).toBe(240)
  })
  test("an owner takes it along to another thread, and gives it back by ending there", async () => {
    const { mutex } = await pool.run(fibers.all(1))
    expect(await pool.run(fibers.takesAlong(mutex, 1, 2))).toBe(true)
    expect(await pool.run(fibers.tries(1, mutex))).toBe("locked")
    expect(await pool.run(fibers.takesAlong(mutex, 2, 1))).toBe(true)
    expect(await pool.run(fibers.tries(2, mutex))).toBe("locked")
  })
  test("what an owner has given back it can have at once on another thread, however late the first one's word comes", async () => {
    const [one, table] = [mutex(), readWriteLock()] // at home at the pool's own thread
    const runs = upTo(2).map(() => pool.run(fibers.locksElsewhere(one, table, [1, 2], 100)))
    expect(await Promise.all(runs)).toEqual([100, 100])
  })
  test("an owner takes along what it holds by using, and gives it back where it leaves the block", async () => {
    const { mutex } = await pool.run(fibers.all(1))
    expect(await pool.run(fibers.takesAlongInBlocks(mutex, 1, 2))).toEqual([true, true, true])
    expect(await pool.run(fibers.takesAlongInBlocks(mutex, 2, 1))).toEqual([true, true, true])
  })
  test("an owner that is interrupted has given it back, and so has one that waited", async () => {
    const { mutex } = await pool.run(fibers.all(1))
    const inside = new SharedArrayBuffer(4)
    const owner = pool.run(fibers.locksAndSleeps(2, mutex, inside))
    await expect.poll(() => new Int32Array(inside)[0], { timeout: 10_000 }).toBe(1)
    expect(await pool.run(fibers.tries(1, mutex, 20))).toBe("ROVE_TIMEOUT")
    expect(await pool.run(fibers.tries(2, mutex, 20))).toBe("ROVE_TIMEOUT")
    const waits = pool.run(fibers.tries(2, mutex))
    const next = pool.run(fibers.tries(1, mutex))
    await waits.interrupt("enough")
    await waits.catch(() => {})
    await owner.interrupt("enough")
    await owner.catch(() => {})
    expect(await next).toBe("locked")
  })
  test.each([1, 2])("latch and barrier let go those who wait, and count nobody who left (home %i)", async home => {
    const { latch, barrier } = await pool.run(fibers.all(home))
    expect(await pool.run(fibers.gates(latch, barrier))).toEqual([1, 0, "ROVE_TIMEOUT", [0, 1, 2]])
  })
  test.each([1, 2])(
    "a select refuses locks that its fiber never gets, as waiting for them does (home %i)",
    async home => {
      const { mutex, semaphore } = await pool.run(fibers.all(home))
      const codes = ["ROVE_DEADLOCK", "ROVE_INVALID_ARGUMENT"]
      expect(await pool.run(fibers.choosesInVain(1, mutex, semaphore))).toEqual(codes)
    },
  )
  test("a select takes the one lock that is free, and leaves the other alone", async () => {
    const [one, two] = await Promise.all([pool.run(fibers.all(1)), pool.run(fibers.all(2))])
    expect(await pool.run(fibers.chooses(one.mutex, two.mutex))).toEqual(["b true", true, true])
  })
})

describe("threads that are gone", { timeout: 30_000 }, () => {
  test("a lock whose owner died with its thread is free; one whose home died is lost", async () => {
    await using pool = await Pool.start({ workers: 2, grace: 2000 })
    const [one, two] = await Promise.all([pool.run(fibers.all(1)), pool.run(fibers.all(2))])
    const waits = (async () => {
      const inside = new SharedArrayBuffer(4)
      const owner = pool.run(fibers.locksAndSleeps(2, one.mutex, inside)).catch(() => "gone")
      await expect.poll(() => new Int32Array(inside)[0], { timeout: 10_000 }).toBe(1)
      const next = pool.run(fibers.tries(1, one.mutex))
      const lost = pool.run(fibers.tries(1, two.mutex))
      expect(await lost).toBe("locked")
      await pool.run(fibers.dies(2, two.mutex)).catch(() => {})
      return [await next, await owner]
    })()
    expect(await waits).toEqual(["locked", "gone"])
    expect(await pool.run(fibers.tries(1, two.mutex))).toBe("ROVE_WORKER_LOST")
  })
})
