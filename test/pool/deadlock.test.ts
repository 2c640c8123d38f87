/** Invariant 58 on pools: nothing can run and nothing is armed, on any thread. Who waits for what is told. */
import { Pool } from "@rove/scheduler"
import { afterAll, test } from "vitest"
import * as fibers from "./deadlock.fibers.ts"
import { exit } from "./programs.ts"

const pools: Pool[] = []
afterAll(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})
async function start(workers: number) {
  const told: string[] = []
  // a busy machine keeps threads waiting, which is told of too
  const tell = (_: object, text: string): void => {
    if (!text.includes(" held the thread for ")) told.push(text)
  }
  const logger = { warn: tell, error: tell }
  const pool = await Pool.start({ workers, logger, grace: 500 })
  pools.push(pool)
  return { pool, told }
}
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const patiently = { timeout: 20_000, interval: 20 }

// side by side: most of it is waiting
test.concurrent("fibers of two threads that wait at a channel nobody sends to, and one that joins them, are told of, once and by name", {
  timeout: 60_000,
}, async ({ expect }) => {
  const { pool, told } = await start(2)
  const run = pool.run(fibers.stuck([1, 2]))
  run.catch(() => {})
  await expect.poll(() => told.length, patiently).toBe(1)
  const [first, ...lines] = (told[0] as string).split("\n")
  expect(first).toBe("every fiber waits for another one")
  expect(lines.toSorted()).toEqual([
    expect.stringMatching(
      /^ {2}fiber 0\.1 \(stuck\): join of fiber \d\.\d \(taker\), at stuck \(.*deadlock\.fibers\.ts:15:37\)$/,
    ),
    expect.stringMatching(
      /^ {2}fiber \d\.\d \(taker\): receive from channel.*, at taker \(.*deadlock\.fibers\.ts:\d+:\d+\)$/,
    ),
    expect.stringMatching(
      /^ {2}fiber \d\.\d \(taker\): receive from channel.*, at taker \(.*deadlock\.fibers\.ts:\d+:\d+\)$/,
    ),
  ])
  expect((await run.status()).status).toBe("parked")
  await pause(3000)
  expect(told.length).toBe(1)
  // they stay as they are: ordinary code may see to it
  expect(await pool.run(fibers.asks(1))).toBeGreaterThan(0)
  await expect.poll(() => told.length, patiently).toBe(2)
  await run.interrupt()
})

test.concurrent("nothing is told while a fiber sleeps, waits for ordinary code or computes, nor of a pool without fibers", {
  timeout: 60_000,
}, async ({ expect }) => {
  const { pool, told } = await start(2)
  await pause(3000)
  const waits = pool.run(fibers.asks(5000))
  const stuck = pool.run(fibers.stuck([1, 2]))
  stuck.catch(() => {})
  expect(await pool.run(fibers.late([1, 2], 4000))).toBe(3)
  expect(told).toEqual([])
  await waits
  expect(told).toEqual([])
  await expect.poll(() => told.length, patiently).toBe(1)
})

test.concurrent("after the death of a thread the others are asked anew", { timeout: 60_000 }, async ({ expect }) => {
  const { pool, told } = await start(2)
  const run = pool.run(fibers.stuck([1, 1]), { prefer: 1 })
  run.catch(() => {})
  await expect.poll(() => told.length, patiently).toBe(1)
  await expect(pool.run(exit(1), { prefer: 2 })).rejects.toThrow(/is gone/)
  const deadlocks = () => told.filter(text => text.startsWith("every fiber")).length
  await expect.poll(deadlocks, patiently).toBe(2)
  await run.interrupt()
})
