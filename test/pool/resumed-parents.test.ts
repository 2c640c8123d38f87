/**
 * Parents that are records once more before they had a turn: what their children have ended with meanwhile is in them. And parents
 * whose children end while their pool makes records.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { type FiberHandle, FiberRecord, Pool } from "rove"
import { describe, expect, test } from "vitest"
import { scratch } from "../support/scratch.ts"
import * as gated from "./gated.fibers.ts"
import * as fibers from "./resumed-parents.fibers.ts"

const patiently = { timeout: 10_000, interval: 5 }
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))
const nameOf = (record: FiberRecord) => record.toJSON().name

const ENDS: Readonly<Record<string, unknown>> = {
  joins: 1,
  fails: "caught RangeError: failed after 1",
  both: [2, 1],
  settled: [2, 1].map(value => ({ status: "fulfilled", value })),
  first: 1,
  chosen: { key: "quick", value: 1 },
  lasts: "outlasted",
}

/** A parent of each kind with its children, as records. */
async function firstRuntime(): Promise<{ parents: FiberRecord[]; quick: FiberRecord[]; slow: FiberRecord[] }> {
  const pool = await Pool.start({ workers: 2 })
  const start = (how: string): FiberHandle<unknown> => {
    if (how === "lasts") return pool.run(fibers.lasts(), { name: how })
    if (how === "fails") return pool.run(fibers.parent("joins", "throws"), { name: how })
    return pool.run(fibers.parent(how), { name: how })
  }
  const handles = Object.keys(ENDS).map(start)
  for (const handle of handles) handle.catch(() => {})
  const waits = async (handle: FiberHandle<unknown>) => (await handle.status()).waitsFor ?? ""
  await expect
    .poll(
      async () => (await Promise.all(handles.map(waits))).every(what => /join|end of|first of/.test(what)),
      patiently,
    )
    .toBe(true)
  const { records } = await pool.close({ mode: "record" })
  const named = (name: RegExp) => records.filter(record => name.test(nameOf(record))).map(travelled)
  return { parents: named(/^(?!quick|slow)/), quick: named(/^quick$/), slow: named(/^slow$/) }
}

async function lastRuntime(records: readonly FiberRecord[]): Promise<Record<string, unknown>> {
  await using pool = await Pool.start({ workers: 1, name: "last" })
  const children = records.filter(record => nameOf(record) === "slow")
  for (const child of children) pool.resume(travelled(child)).catch(() => {})
  const parents = records.filter(record => !children.includes(record))
  const ends = await Promise.all(parents.map(record => pool.resume(travelled(record)).catch(error => error.code)))
  return Object.fromEntries(parents.map((record, i) => [nameOf(record), ends[i]]))
}

describe("a parent that was resumed and has had no turn has heard what its children ended with meanwhile", () => {
  test("when its pool is closed at once, in mode record", async () => {
    const { parents, quick, slow } = await firstRuntime()
    const pool = await Pool.start({ workers: 2, name: "second" })
    await Promise.allSettled(quick.map(record => pool.resume(record)))
    for (const record of [...slow, ...parents]) pool.resume(record).catch(() => {})
    const { records } = await pool.close({ mode: "record" })
    expect(records.map(nameOf).toSorted()).toEqual([...slow, ...parents].map(nameOf).toSorted())
    expect(await lastRuntime(records)).toEqual(ENDS)
  })

  test("when that pool had no room for it, within its limit of fibers", { timeout: 30_000 }, async () => {
    const { parents, quick, slow } = await firstRuntime()
    const pool = await Pool.start({ workers: 1, name: "second", limits: { fibers: 1 }, grace: 60_000 })
    await Promise.allSettled(quick.map(record => pool.resume(record)))
    const handles = [...slow, ...parents].map(record => pool.resume(record))
    for (const handle of handles) handle.catch(() => {})
    await expect.poll(async () => (await handles[0]?.status())?.status, patiently).toBe("parked")
    const { records } = await pool.close({ mode: "record" })
    expect(await lastRuntime(records)).toEqual(ENDS)
  })

  test("when its record is taken at once, of it or as a copy", async () => {
    const { parents, quick, slow } = await firstRuntime()
    await using pool = await Pool.start({ workers: 2, name: "second" })
    await Promise.allSettled(quick.map(record => pool.resume(record)))
    const children = slow.map(record => pool.resume(record))
    const handles = parents.map(record => pool.resume(record))
    for (const handle of [...children, ...handles]) handle.catch(() => {})
    const copies = handles.map(handle => handle.snapshot())
    const stopped = await Promise.all(handles.map(handle => handle.record()))
    const rest = await Promise.all(children.map(child => child.record()))
    expect(await lastRuntime([...(await Promise.all(copies)), ...rest])).toEqual(ENDS)
    expect(await lastRuntime([...stopped, ...rest])).toEqual(ENDS)
  })
})

test("a child that ends while its pool makes records is known to its parent's record", async () => {
  const count = 60
  const pool = await Pool.start({ workers: 2 })
  const handles = Array.from({ length: count }, (_, i) =>
    pool.run(fibers.hurried(i % 20, i % 2 === 0), { name: `${i}` }),
  )
  for (const handle of handles) handle.catch(() => {})
  await expect.poll(async () => (await handles[0]?.status())?.status, patiently).not.toBe("unstarted")
  await setTimeout(8)
  const { records } = await pool.close({ mode: "record" })
  const parents = new Set(handles.map(({ id }) => id))
  await using other = await Pool.start({ workers: 2 })
  const isParent = (record: FiberRecord) => parents.has(record.toJSON().id)
  for (const record of records) if (!isParent(record)) other.resume(travelled(record)).catch(() => {})
  const resumed = records.filter(isParent).map(async record => {
    const end = await other.resume(travelled(record)).catch(error => error.code)
    return [Number(nameOf(record)) % 20, end]
  })
  for (const [ms, end] of await Promise.all(resumed)) expect(end).toBe(ms)
})

test("the record of who joins does not wait until the modules of other fibers are there", async () => {
  const shut = join(scratch({}), "shut")
  process.env["ROVE_TEST_GATE"] = shut
  writeFileSync(shut, "")
  await using pool = await Pool.start({ workers: 1 })
  const joins = pool.run(fibers.parent("joins"))
  joins.catch(() => {})
  await expect.poll(async () => (await joins.status()).waitsFor, patiently).toMatch(/^join of /)
  const says = pool.run(gated.says("it is there"))
  await expect.poll(() => existsSync(`${shut}-2`), patiently).toBe(true)
  try {
    expect(await joins.record()).toBeInstanceOf(FiberRecord)
  } finally {
    rmSync(shut)
  }
  expect(await says).toContain("it is there")
})

test("a child that is a record when its thread dies has not ended for its parent, while others have yet to become records", async () => {
  const pool = await Pool.start({ workers: 3 })
  const joins = pool.run(fibers.joinsOn(2, 800), { prefer: 1 })
  joins.catch(() => {})
  await expect.poll(async () => (await joins.status()).waitsFor, patiently).toMatch(/^join of /)
  await pool.run(fibers.dooms(100), { prefer: 2 })
  pool.run(fibers.holds(350), { prefer: 3 }).catch(() => {})
  await setTimeout(20)
  const { records } = await pool.close({ mode: "record", grace: 2000 })
  await expect(joins).rejects.toMatchObject({ code: "ROVE_RECORDED" })
  await using other = await Pool.start({ workers: 1 })
  const named = (name: string) => records.filter(record => nameOf(record) === name).map(travelled)
  for (const record of named("elsewhere")) other.resume(record).catch(() => {})
  const [parent] = named("joinsOn")
  expect(await other.resume(parent as FiberRecord)).toBe(800)
})
