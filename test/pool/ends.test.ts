/** How long a thread keeps the ends of its fibers for those that join them from elsewhere. */
import { channel, type Fiber } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, describe, expect, test } from "vitest"
import { dies, ends, found, joins, named, parent, received, rejoins } from "./ends.fibers.ts"

const sumTo = (count: number) => (count * (count - 1)) / 2

test("an end that was told is kept for a second join, until 10,000 others were told; those that nobody asked for stay", {
  timeout: 60_000,
}, async () => {
  await using pool = await Pool.start({ workers: 2 })
  expect(await pool.run(rejoins(2, 500), { prefer: 1 })).toEqual({ sum: sumTo(500), again: "0" })
  const many = 10_100
  expect(await pool.run(rejoins(2, many), { prefer: 1 })).toEqual({ sum: sumTo(many), again: "ROVE_UNKNOWN_FIBER" })
})

/** Once it has its name. */
async function known(pool: Pool, name: string): Promise<Fiber<number>> {
  return await expect
    .poll(() => pool.run(found(name)), { timeout: 4000 }) // the first to ask also waits for the pool to start
    .not.toBeNull()
    .then(() => pool.run(found(name)))
}

describe("the end of a fiber that became known away from its home is kept there", async () => {
  const pool = await Pool.start({ workers: 3 })
  afterAll(() => pool.close())
  test.each([1, 2])("of one that ordinary code has started, which ends on thread %i", async last => {
    const handle = pool.run(named(`to ${last}`, 1, last))
    const fiber = await known(pool, `to ${last}`)
    await pool.run(ends(fiber))
    expect(await handle).toBe(42)
    for (const at of [3, 2, 1, 3]) expect(await pool.run(joins(fiber, at))).toBe(42)
  })
  test.each([2, 3])("of a child that never was known at home, and ends on thread %i", async last => {
    const way = channel<Fiber<number>>()
    const ended = pool.run(parent(2, last, way), { prefer: 1 })
    const child = await pool.run(received(way))
    await pool.run(ends(child))
    expect(await ended).toBe(42)
    for (const at of [3, 2, 1]) expect(await pool.run(joins(child, at))).toBe(42)
  })
  test("of one that is a record, until it is resumed: it has another end then", async () => {
    const handle = pool.run(named("recorded", 1, 2))
    handle.catch(() => {})
    const fiber = await known(pool, "recorded")
    const record = await handle.record()
    expect(await pool.run(joins(fiber, 1))).toBe("ROVE_RECORDED")
    const resumed = pool.resume(record)
    const joined = pool.run(joins(fiber, 1))
    await pool.run(ends(fiber))
    expect([await resumed, await joined, await pool.run(joins(fiber, 2))]).toEqual([42, 42, 42])
  })
  test("of one that is lost with the thread where it became known", async () => {
    const handle = pool.run(named("lost", 2, 2))
    handle.catch(() => {})
    const fiber = await known(pool, "lost")
    await pool.run(dies(2)).catch(() => {})
    await expect(handle).rejects.toMatchObject({ code: "ROVE_WORKER_LOST" })
    expect(await pool.run(joins(fiber, 3))).toBe("ROVE_WORKER_LOST")
  })
})
