/** Crowds on real threads that are interrupted, time out, move, and are lost: what one object promises holds for whoever lives. */
import { channel, type FiberHandle, type Guard, mutex, Pool, type Resumer, readWriteLock, semaphore } from "rove"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import * as fibers from "./crowds.fibers.ts"

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
const words = (n: number) => new SharedArrayBuffer(4 * n)
const seen = (shared: SharedArrayBuffer) => [...new Int32Array(shared)]

let pool: Pool
/** Those that there are, and those that will take the places of some. */
let threads: number[]
beforeEach(async () => {
  pool = await Pool.start({ workers: 3, grace: 2000 })
  const ids = pool.threads().map(({ id }) => id)
  threads = [...ids, ...ids, ...ids.map(id => id + 3)]
})
afterEach(() => pool.close())

async function endOf(run: FiberHandle<unknown>): Promise<string> {
  try {
    await run
    return "returned"
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string }
    return code ?? message
  }
}
/** Interrupts some of them, and has threads die, if it is to be so, while they run. */
async function storm(runs: readonly FiberHandle<unknown>[], deadly: boolean): Promise<string[]> {
  const ends = runs.map(endOf)
  for (let i = 1; i < runs.length; i += 4) {
    await pause(15)
    await runs[i]?.interrupt("enough")
    const thread = pool.threads()[0]
    if (deadly && thread !== undefined) await endOf(pool.run(fibers.dies(thread.id)))
  }
  return await Promise.all(ends)
}
const possible = (deadly: boolean) => ["returned", "ROVE_INTERRUPTED", ...(deadly ? ["ROVE_WORKER_LOST"] : [])]

describe.each([
  ["are interrupted and move", false],
  ["die too", true],
] as const)("while fibers %s", { timeout: 120_000 }, (_, deadly) => {
  test.each(["permits", "readers and writers"])(
    "%s: no more than there may be, and all of it free at the end",
    async what => {
      const [it, table, taken] = [semaphore(3), readWriteLock(), words(2)]
      const begin = (number: number, times: number, shared: SharedArrayBuffer) =>
        pool.run(
          what === "permits"
            ? fibers.permits(it, 3, number, times, shared, threads)
            : fibers.readsAndWrites(table, number, times, shared, threads),
        )
      const ends = await storm(
        upTo(20).map(i => begin(i, 30, taken)),
        deadly,
      )
      expect(ends.filter(end => !possible(deadly).includes(end))).toEqual([])
      // who was lost has not said that it left
      if (!deadly) expect(seen(taken)).toEqual([0, 0])
      expect(await begin(4, 6, words(2))).toBeGreaterThan(0)
    },
  )

  test("who chooses among many waits loses nothing and doubles nothing", async () => {
    const [crowd, each] = [12, 30]
    const [plain, buffered] = [channel<number>(), channel<number>({ capacity: 2 })]
    const chances: fibers.Chances = {
      ...{ channels: [plain, plain, buffered], lock: mutex(), threads, never: channel<Guard>() },
      ...{ sent: words(crowd * each), received: words(crowd * each), inside: words(2) },
    }
    // of those some may be lost too
    const takers = upTo(deadly ? 12 : 2).map(() => pool.run(fibers.takesAll(chances)))
    for (const one of takers) one.catch(() => {})
    const ends = await storm(
      upTo(crowd).map(i => pool.run(fibers.chooses(chances, i, each))),
      deadly,
    )
    expect(ends.filter(end => !possible(deadly).includes(end))).toEqual([])
    const last = pool.run(fibers.takesAll(chances))
    const missing = () => upTo(crowd * each).filter(i => seen(chances.sent)[i] === 1 && seen(chances.received)[i] === 0)
    if (!deadly) await expect.poll(missing, { timeout: 10_000 }).toEqual([])
    for (const one of [...takers, last]) {
      await one.interrupt("over")
      await endOf(one)
    }
    expect(seen(chances.received).filter(times => times > 1)).toEqual([])
    if (!deadly) expect(seen(chances.inside)).toEqual([0, 0])
  })

  test("who monitors hears of each end once, wherever both are by then", async () => {
    const ends = await storm(
      upTo(8).map(() => pool.run(fibers.mourns(12, threads))),
      deadly,
    )
    expect(ends.filter(end => !possible(deadly).includes(end))).toEqual([])
  })
})

test.each([0, 1, 2])(
  "what was sent before a channel (capacity %i) is closed is received, whoever moves",
  { timeout: 60_000 },
  async capacity => {
    const [it, sent, received] = [channel<number>({ capacity }), words(80_000), words(80_000)]
    const senders = upTo(4).map(i => pool.run(fibers.sendsMoving(it, i * 20_000, sent, threads)))
    const receivers = upTo(4).map(() => pool.run(fibers.receivesMoving(it, received, threads)))
    await expect.poll(() => seen(received).filter(times => times > 0).length, { timeout: 20_000 }).toBeGreaterThan(20)
    await pool.run(fibers.closes(it as never))
    expect(new Set(await Promise.all(senders))).toEqual(new Set(["ROVE_CHANNEL_CLOSED"]))
    await Promise.all(receivers)
    expect(seen(received)).toEqual(seen(sent))
  },
)

test("of those who have a resumer one is first, wherever they and the fiber are", { timeout: 60_000 }, async () => {
  const it = channel<Resumer<number>>({ capacity: 1 })
  const resuming = upTo(3).map(() => pool.run(fibers.resumesAll(it, threads)))
  const sums = await Promise.all(upTo(10).map(() => pool.run(fibers.resumedOften(it, 30, threads))))
  expect(sums).toEqual(upTo(10).map(() => 30))
  await pool.run(fibers.closes(it as never))
  const first = await Promise.all(resuming)
  expect(first.reduce((sum, count) => sum + count)).toBe(300)
})
