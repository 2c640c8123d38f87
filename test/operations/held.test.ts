/** Fibers that are to leave their thread, and have something on its way to one that does not read; and what was found beside them. */
import { mutex, Pool, type PoolOptions } from "rove"
import { describe, expect, onTestFinished, test } from "vitest"
import * as fibers from "./held.fibers.ts"

const patiently = { timeout: 10_000, interval: 1 }

/** A pool, and a gate for those of its threads where somebody listens. */
async function stage(options: PoolOptions) {
  const pool = await Pool.start({ grace: 2000, ...options })
  const gate = new SharedArrayBuffer(64)
  const words = new Int32Array(gate)
  const set = (word: number, value = 1): void => {
    Atomics.store(words, word, value)
    Atomics.notify(words, word)
  }
  onTestFinished(async () => {
    for (const word of [fibers.OVER, fibers.GO]) set(word)
    set(fibers.SHUT, 0)
    await pool.close()
  })
  const comes = (word: number, value: number) => expect.poll(() => Atomics.load(words, word), patiently).toBe(value)
  const listens = (thread: number, name = "ear") => void pool.run(fibers.listens(name, thread, gate)).catch(() => {})
  return {
    pool,
    threads: pool.threads().map(({ id }) => id) as [number, number, number],
    gate,
    words,
    set,
    comes,
    listens,
  }
}

describe("a fiber that has something on its way", () => {
  test("and is recorded while it wants to go elsewhere has ended as its record", async () => {
    const { pool, threads, gate, set, comes, listens } = await stage({ workers: 3 })
    set(fibers.SHUT)
    listens(threads[0])
    const sender = pool.run(fibers.sends({ how: "goes", name: "ear", thread: threads[1], gate }, threads[2]))
    const end = sender.catch(error => error.code)
    await comes(fibers.SENT, 1)
    const recorded = sender.record()
    set(fibers.GO)
    const waits = async () => (await sender.status()).waitsFor
    await expect.poll(waits, patiently).toBe("arrival of what it has sent")
    set(fibers.SHUT, 0)
    const record = await recorded
    expect(await end).toBe("ROVE_RECORDED")
    expect(await pool.resume(record)).toBe("goes")
  })
  test("and is tied to a thread that goes is interrupted when the grace is over; one that has ended but for that has its result", async () => {
    const { pool, threads, gate, words, set, comes, listens } = await stage({ workers: 2 })
    set(fibers.SHUT)
    listens(threads[0])
    const computing = pool.run(fibers.sendsTied({ how: "computes", name: "ear", thread: threads[1], gate }))
    computing.catch(() => {})
    const ended = pool.run(fibers.sends({ how: "ends", name: "ear", thread: threads[1], gate }))
    await comes(fibers.SENT, 2)
    expect(Atomics.load(words, fibers.GO)).toBe(0)
    await pool.resize(1, { grace: 200 })
    expect(Atomics.load(words, fibers.CLEANED)).toBe(2)
    set(fibers.SHUT, 0)
    expect(await ended).toBe("ends")
  })
  test("that it changes afterwards goes on where its receiver's home dies: nobody else does with it", async () => {
    const { pool, threads, gate, set, comes, listens } = await stage({ workers: 2 })
    set(fibers.SHUT)
    listens(threads[0])
    const sender = pool.run(fibers.sendsTied({ how: "signals", name: "ear", thread: threads[1], gate }))
    await comes(fibers.SENT, 1)
    set(fibers.DIES)
    set(fibers.SHUT, 0)
    await expect.poll(() => pool.stats().deaths, patiently).toBe(1)
    set(fibers.GO)
    expect(await sender).toBe("signals")
    expect(pool.stats().deaths).toBe(1)
  })
})

test("a question is not asked where its answer could not be waited for", async () => {
  const { pool } = await stage({ workers: 1 })
  expect(await pool.run(fibers.asksInPassing())).toEqual(["ROVE_NO_BLOCK", "a message"])
})
test("a fiber that failed in a deep call, and waits for its children, can be recorded and resumed", async () => {
  const { pool, gate, set } = await stage({ workers: 1 })
  const failing = pool.run(fibers.failsDeep(gate))
  failing.catch(() => {})
  await expect.poll(async () => (await failing.status()).waitsFor, patiently).toMatch(/^end of its child/)
  const resumed = pool.resume(await failing.record())
  set(fibers.OVER)
  await expect(resumed).rejects.toThrow("thrown in the deep")
})
test("what was a record and goes on waits no more to begin, and is not run again when its thread dies", async () => {
  const { pool, gate, words, comes } = await stage({ workers: 2, limits: { queue: 1 } })
  const napping = pool.run(fibers.naps(gate))
  napping.catch(() => {})
  await expect.poll(async () => (await napping.status()).status, patiently).toBe("parked")
  const resumed = pool.resume(await napping.record())
  const end = resumed.catch(error => error.code)
  const thread = async () => (await resumed.status()).thread
  await expect.poll(async () => (await resumed.status()).status, patiently).toBe("parked")
  await comes(fibers.SENT, 1)
  expect(await pool.run(fibers.quick())).toBe("quick")
  await pool.run(fibers.dies((await thread()) as number)).catch(() => {})
  expect(await end).toBe("ROVE_WORKER_LOST")
  expect(Atomics.load(words, fibers.SENT)).toBe(1)
})
test("a record holds the lock that its fiber held, although a thread went before", async () => {
  const { pool, gate, set, comes } = await stage({ workers: 2 })
  const lock = mutex()
  const holder = pool.run(fibers.locksUp(lock, gate))
  holder.catch(() => {})
  await comes(fibers.SENT, 1)
  await pool.resize(1)
  const record = await holder.record()
  expect(await pool.run(fibers.canLock(lock))).toBe(false)
  const resumed = pool.resume(record)
  set(fibers.GO)
  expect(await resumed).toBe("held")
  expect(await pool.run(fibers.canLock(lock))).toBe(true)
})
test("a fiber that is a record, and has yet to end, does not run although it had a turn to come", {
  timeout: 60_000,
}, async () => {
  let held = 0
  // whether one of them waits just when the thread reads that the pool closes is a matter of chance
  for (let tries = 20; tries > 0 && held === 0; tries--) {
    const { pool, threads, gate, words, set, comes, listens } = await stage({ workers: 2 })
    listens(threads[0])
    pool.run(fibers.rounds(threads[1], 5, gate)).catch(() => {})
    await expect.poll(() => Atomics.load(words, fibers.SENT), patiently).toBeGreaterThan(0)
    set(fibers.SHUT) // no record is done before this thread has read that the pool closes
    await comes(fibers.STOPPED, 1)
    const closed = pool.close({ mode: "record" })
    for (const word of [fibers.OVER, fibers.GO]) set(word)
    held = (await closed).records.filter(record => record.toJSON().name === "once").length
    expect(held + Atomics.load(words, fibers.CLEANED)).toBe(Atomics.load(words, fibers.SENT))
  }
  expect(held).toBeGreaterThan(0)
})
test("that its children are records by now is nothing that has happened to a fiber which is to be one too, and cannot yet", async () => {
  const { pool } = await stage({ workers: 2 })
  const waiting = pool.run(fibers.waitsBesideChild(300))
  waiting.catch(() => {})
  await expect.poll(async () => (await waiting.status()).waitsFor, patiently).toMatch(/promise/)
  const { records } = await pool.close({ mode: "record" })
  const { pool: next } = await stage({ workers: 2 })
  const all = records.toSorted((a, b) => Number(a.toJSON().id === waiting.id) - Number(b.toJSON().id === waiting.id))
  expect(await Promise.all(all.map(record => next.resume(record)))).toEqual([1, 1])
})
