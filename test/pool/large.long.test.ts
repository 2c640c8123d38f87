/** Records that are larger than the rings between threads, on real threads. */
import { Pool } from "@rove/scheduler"
import { expect, onTestFinished, test } from "vitest"
import * as fibers from "./large.fibers.ts"

const MB = 1 << 20

async function start(bytes = 2 ** 30): Promise<Pool> {
  const pool = await Pool.start({ workers: 2, limits: { bytes } })
  onTestFinished(() => pool.close().then(() => {}))
  return pool
}

function sent(pool: Pool): number {
  return pool.stats().threads.reduce((sum, { bytesOut }) => sum + bytesOut, 0)
}

test("fibers move with more bytes than a ring has, many at once, and memory stays within what is on its way", async () => {
  const pool = await start()
  // the largest ring has a megabyte
  expect(await pool.run(fibers.carries(5 * MB, 3, [1, 2, 1, 2]))).toBe(4)
  let most = 0
  const before = process.memoryUsage().rss
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 10)
  const tours = Array.from({ length: 32 }, (_, i) => pool.run(fibers.carries(MB, i, [1, 2, 1])))
  for (const whole of await Promise.all(tours)) expect(whole).toBe(3)
  clearInterval(watch)
  expect(most).toBeLessThan(400 * MB)
  expect(sent(pool)).toBeGreaterThan(32 * 2 * MB)
})

test("children with large arguments are taken over, one at a time where few bytes may be on their way", async () => {
  for (const limit of [2 ** 30, 300_000]) {
    const pool = await start(limit)
    const places = await pool.run(fibers.family(40, 400_000))
    expect(places).toHaveLength(40)
    expect(new Set(places)).toEqual(new Set([1, 2]))
  }
})

test("a buffer that is handed over changes threads, there and back", async () => {
  const pool = await start()
  expect(await pool.run(fibers.handsOver(8 * MB, 2), { prefer: 1 })).toEqual([0, 8 * MB, true])
  expect(sent(pool)).toBeGreaterThan(8 * MB)
})
