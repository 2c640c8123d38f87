/** Crowds on real threads that die, or that steal from each other: what one object promises holds for everybody who lives. */
import { channel, type FiberHandle, mutex, Pool } from "rove"
import { describe, expect, test } from "vitest"
import * as fibers from "./storms.fibers.ts"

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

/** Lets threads die, one after the other, until it is told to stop. */
function storm(pool: Pool): () => Promise<void> {
  let over = false
  const whole = (async () => {
    for (let i = 0; !over; i++) {
      await pause(60)
      const threads = pool.threads()
      const thread = threads[i % threads.length]
      if (thread !== undefined) await pool.run(fibers.dies(thread.id)).catch(() => {})
    }
  })()
  return async () => {
    over = true
    await whole
  }
}
async function endOf(run: FiberHandle<unknown>): Promise<string> {
  try {
    await run
    return "returned"
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string }
    return code ?? message
  }
}

describe("while threads die", { timeout: 120_000 }, () => {
  test.each([0, 5])(
    "nothing that was sent is received twice, nor lost but with who received it (room for %i)",
    async capacity => {
      await using pool = await Pool.start({ workers: 3, grace: 2000 })
      const [senders, each] = [12, 400]
      const [sent, received] = [new SharedArrayBuffer(4 * senders * each), new SharedArrayBuffer(4 * senders * each)]
      const it = channel<number>({ capacity }) // at home at the pool's own thread, which lives on
      let over = false
      let lostReceivers = 0
      const running = new Set<FiberHandle<unknown>>()
      const receiving = upTo(6).map(async () => {
        while (!over) {
          const run = pool.run(fibers.receives(it, each, received))
          running.add(run)
          const end = await endOf(run)
          running.delete(run)
          if (end === "ROVE_WORKER_LOST") lostReceivers++
          else if (end !== "ROVE_INTERRUPTED") throw new Error(end)
        }
      })
      const stop = storm(pool)
      const ends = await Promise.all(upTo(senders).map(i => endOf(pool.run(fibers.sends(it, i * each, each, sent)))))
      await stop()
      await expect.poll(() => pool.run(fibers.balanced(it)), { timeout: 10_000 }).toBeLessThanOrEqual(0)
      over = true
      for (const run of running) await run.interrupt("over")
      await Promise.all(receiving)
      expect(ends.filter(end => end !== "returned" && end !== "ROVE_WORKER_LOST")).toEqual([])
      expect(pool.stats().deaths).toBeGreaterThan(1)
      const [was, got] = [new Int32Array(sent), new Int32Array(received)]
      expect([...got].filter(times => times > 1)).toEqual([])
      const lost = upTo(senders * each).filter(i => was[i] === 1 && got[i] === 0)
      expect(lost.length).toBeLessThanOrEqual(lostReceivers)
      expect(got.reduce((sum, times) => sum + times)).toBeGreaterThan(each)
    },
  )

  test.each(["locks", "names"] as const)(
    "%s: one at a time, but for those who died with it; free at the end",
    async what => {
      await using pool = await Pool.start({ workers: 3, grace: 2000 })
      const crowd = 24
      const [owner, found] = [new SharedArrayBuffer(4), new SharedArrayBuffer(4 * (crowd + 2))]
      const lock = mutex()
      const run = (number: number, times: number) =>
        pool.run(
          what === "locks"
            ? fibers.locks(lock, number, times, owner, found)
            : fibers.names("the one", number, times, owner, found),
        )
      const stop = storm(pool)
      const ends = await Promise.all(upTo(crowd).map(i => endOf(run(i + 1, 16))))
      await stop()
      expect(ends.filter(end => end !== "returned" && end !== "ROVE_WORKER_LOST")).toEqual([])
      expect(pool.stats().deaths).toBeGreaterThan(1)
      // whoever was found inside is one of those who are gone
      const inside = upTo(crowd).filter(i => new Int32Array(found)[i + 1] === 1)
      expect(inside.filter(i => ends[i] !== "ROVE_WORKER_LOST")).toEqual([])
      expect(await run(crowd + 1, 1)).toBe(1)
    },
  )
})

test("regions hold in a storm of steals, however they are nested", { timeout: 120_000 }, async () => {
  await using pool = await Pool.start({ workers: 3, grace: 2000, quantum: 0.1 })
  const runs = new SharedArrayBuffer(4 * 64)
  const [one] = pool.threads() // the others have to steal them
  const broken = await Promise.all(
    upTo(60).map(i => pool.run(fibers.regions(i + 1, 30, runs), { prefer: one?.id as number })),
  )
  expect(broken.flat()).toEqual([])
  expect(pool.stats().threads.reduce((sum, { fibersIn }) => sum + fibersIn, 0)).toBeGreaterThan(0)
})
