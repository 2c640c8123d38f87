/** Operations of lifetime on real threads: partners anywhere, moves at any time, records, deaths and ends of pools. */
import { FiberInterrupted } from "@rove/core"
import type { Resumable } from "@rove/fibers"
import { Pool, type PoolOptions } from "@rove/scheduler"
import { afterEach, describe, expect, test } from "vitest"
import * as fibers from "./lifetime.fibers.ts"

const pools: Pool[] = []
async function start(options: PoolOptions = {}): Promise<{ pool: Pool; threads: number[] }> {
  const pool = await Pool.start({ workers: 3, grace: 2000, ...options })
  pools.push(pool)
  return { pool, threads: pool.threads().map(({ id }) => id) }
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})
const patiently = { timeout: 10_000, interval: 5 }
const counting = () => new fibers.Counts(new Int32Array(new SharedArrayBuffer(64)))
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe("a scope", () => {
  test("waits for children on all threads while its body moves among them", async () => {
    const { pool, threads } = await start()
    expect(await pool.run(fibers.scattered(counting(), threads))).toBe("3 3")
  })
  test("is ended by a child that fails on another thread than the one that its fiber has moved to", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    expect(await pool.run(fibers.failsFar(counts, threads))).toBe(`RangeError: on thread ${threads[1]}`)
    // a child that had not begun never does
    const began = counts.get("began")
    expect([counts.get("ended"), counts.get("interrupted")]).toEqual([began, began - 1])
  })
  test("is ended by an interrupt of its fiber, wherever that is; cleanups run, and hear of it", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    const run = pool.run(fibers.hears(counts, threads))
    await expect.poll(async () => (await run.status()).waitsFor, patiently).toBe("sleep of 60000 ms")
    // a child that had not begun never would
    await expect.poll(() => counts.get("began"), patiently).toBe(1)
    const interrupted = run.interrupt("enough")
    await expect(run).rejects.toThrow(FiberInterrupted)
    expect(await interrupted).toBe("delivered")
    expect(fibers.COUNTERS.map(name => counts.get(name))).toEqual([1, 1, 1, 1, 1])
  })
  test("hears that a child was lost with its thread, and ends the others", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    // where it began, it goes on: the thread that dies is another one
    expect(
      await pool.run(fibers.losesChild(counts, [threads[0] as number, threads[2] as number]), {
        prefer: threads[0] as number,
      }),
    ).toBe("ROVE_WORKER_LOST 1")
  })
  test("hears of one death that took several children: of that, and not of several things that failed", async () => {
    const { pool, threads } = await start()
    const [here, , there] = threads as [number, number, number]
    expect(await pool.run(fibers.losesChildren(counting(), [here, there]))).toBe(`ROVE_WORKER_LOST ${there}`)
  })
  test("in a tree of scopes each error ends the scope where it belongs, whoever stole what", {
    timeout: 60_000,
  }, async () => {
    const { pool } = await start({ workers: 4 })
    const native = (depth: number, path: number): number => {
      if (depth === 0) {
        if (path % 3 === 0) throw new RangeError("x")
        return 1
      }
      try {
        return native(depth - 1, path * 2) + native(depth - 1, path * 2 + 1)
      } catch {
        return -1000
      }
    }
    const runs = Array.from({ length: 40 }, (_, i) => pool.run(fibers.forest(6, i)))
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 40 }, (_, i) => native(6, i)))
  })
})

test("all and its like wait for fibers of another thread of which no more than the handle is here", async () => {
  const { pool, threads } = await start()
  const waited = { named: { there: 5, later: 7 }, settled: ["fulfilled", "rejected"], first: [5, 5] }
  expect(await pool.run(fibers.handsOut(threads), { timeout: 15_000 })).toEqual(waited)
})

describe("a fiber", () => {
  test("ends after its children and its cleanup, which are on other threads than it", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    expect(await pool.run(fibers.outlived(counts, threads, 50))).toBe("body")
    expect([counts.get("ended"), counts.get("cleaned")]).toEqual([3, 1])
  })
  test("says what it waits for at its end, and its children are ended by an interrupt", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    const run = pool.run(fibers.outlived(counts, threads, 60_000))
    await expect
      .poll(async () => (await run.status()).waitsFor, patiently)
      .toMatch(/^end of its child \S+ \(worker\) and 2 more$/)
    await expect.poll(() => counts.get("began"), patiently).toBe(3)
    run.catch(() => {})
    expect(await run.interrupt("enough")).toBe("delivered")
    await expect(run).rejects.toThrow(FiberInterrupted)
    expect([counts.get("interrupted"), counts.get("cleaned")]).toEqual([3, 1])
  })
  test("does not wait for what it detached", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    expect(await pool.run(fibers.strays(counts, threads))).toBe(0)
    await expect.poll(() => counts.get("ended"), patiently).toBe(1)
  })
})

describe("branches", () => {
  test("run on any threads and are over when the operation is", async () => {
    const { pool, threads } = await start()
    const [a, b, c] = threads
    expect(await pool.run(fibers.together(counting(), threads, 20))).toEqual([
      { a, b, nap: undefined, c },
      ["fulfilled", "rejected"],
      b,
      c,
      true,
    ])
  })
  test("the first error, on whatever thread, ends the others", async () => {
    const { pool, threads } = await start()
    expect(await pool.run(fibers.firstError(counting(), threads))).toBe(`RangeError: on thread ${threads[1]} 3`)
  })
  test("map and reduce give the same on any number of threads", async () => {
    const expected = Array.from({ length: 200 }, (_, i) => i * i).reduce((a, b) => a + b) + 200
    for (const workers of [1, 4]) {
      const { pool } = await start({ workers })
      expect(await pool.run(fibers.halves(200))).toBe(expected)
    }
  })
})

describe("limits", () => {
  test("a deadline moves with its fiber, and is its children's", async () => {
    const { pool, threads } = await start()
    expect(await pool.run(fibers.movesInTime(threads))).toEqual([true, true, true, true, Number.POSITIVE_INFINITY])
  })
  test("an uninterruptible stretch stays one while it moves", async () => {
    const { pool, threads } = await start()
    const counts = counting()
    const run = pool.run(fibers.keptWhileItMoves(counts, threads))
    await expect.poll(() => counts.get("began"), patiently).toBe(1)
    const interrupted = run.interrupt("enough")
    counts.add("heard")
    await interrupted
    expect(await run).toBe("kkkf true")
  })
  test("a retry goes on where its attempts went", async () => {
    const { pool, threads } = await start()
    expect(await pool.run(fibers.triesElsewhere(threads))).toBe("attempt 4")
  })
})

type Wait = (ms: number) => Resumable<unknown>
const waits: [string, Wait, unknown, RegExp][] = [
  ["an all", fibers.waitsForAll, ["a", "b"], /^end of fiber \S+ \((says|perform)\)/],
  ["a scope", fibers.waitsInScope, "scope", /^sleep of 150 ms$/],
  ["the end of a fiber", fibers.waitsAtItsEnd, "end", /^end of its child \S+ \(says\) and 1 more$/],
  ["a timeout", fibers.waitsWithin, "it took longer than 150 ms", /^sleep of 60000 ms$/],
]
describe.each(waits)("%s", (_, wait, result, reason) => {
  test("goes on from a record that was made while it waited", async () => {
    const { pool } = await start()
    const run = pool.run(wait(150))
    await expect.poll(async () => (await run.status()).waitsFor, patiently).toMatch(reason)
    const record = await run.record()
    expect(await pool.resume(record)).toEqual(result)
  })
  test("goes on on another thread when its own leaves the pool", async () => {
    const { pool, threads } = await start()
    const runs = threads.flatMap(prefer => Array.from({ length: 4 }, () => pool.run(wait(150), { prefer })))
    await pause(60)
    await pool.resize(1)
    expect(await Promise.all(runs)).toEqual(runs.map(() => result))
  })
  test("is ended by the end of the pool", async () => {
    const { pool } = await start()
    const run = pool.run(wait(60_000))
    // one of them catches its interrupt, and says so
    const end = run.catch(error => `${error}`)
    await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
    await pool.close()
    expect(await end).toMatch(/^FiberInterrupted/)
  })
})
