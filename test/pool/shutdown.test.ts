/** Pools that grow and shrink, and that close with records of what ran: invariants 25, 41, 42. */
import { existsSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { WorkerLost } from "@rove/core"
import { Pool, type PoolOptions } from "@rove/scheduler"
import { afterEach, describe, expect, test } from "vitest"
import { scratch } from "../support/scratch.ts"
import * as gated from "./gated.fibers.ts"
import * as fibers from "./shutdown.fibers.ts"

const pools: Pool[] = []
async function start(options: PoolOptions = {}): Promise<Pool> {
  const pool = await Pool.start({ workers: 2, grace: 2000, ...options })
  pools.push(pool)
  return pool
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})
/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }
const coded = (code: string) => expect.objectContaining({ code })
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const names = (pool: Pool) => pool.threads().map(({ name }) => name)

describe("resize", () => {
  test("a pool grows and shrinks; what slept, joined or was ready on threads that go ends elsewhere", {
    timeout: 30_000,
  }, async () => {
    const pool = await start({ workers: 1, name: "w" })
    await pool.resize(3)
    expect(names(pool)).toEqual(["w-1", "w-2", "w-3"])
    const runs = Array.from({ length: 60 }, (_, i) => pool.run(fibers.sumOfNaps(4, 120), { prefer: 1 + (i % 3) }))
    const ends = Promise.allSettled(runs)
    await pause(60)
    // to import the modules, which is what they still do, has taken a busy machine more than two seconds
    await pool.resize(1, { grace: 20_000 })
    expect(names(pool)).toEqual(["w-1"])
    expect(await ends).toEqual(Array.from({ length: 60 }, () => ({ status: "fulfilled", value: 480 })))
    expect(pool.stats()).toMatchObject({ deaths: 0, pending: 0 })
    await pool.resize(2)
    expect(names(pool)).toEqual(["w-1", "w-4"])
  })
  test("what waits for a promise is waited for within the grace, then interrupted; a pinned fiber stays to its end", {
    timeout: 30_000,
  }, async () => {
    const pool = await start({ workers: 2 })
    const soon = pool.run(fibers.waits(100), { prefer: 2 })
    const pinned = pool.run(fibers.pinnedNap(100), { prefer: 2 })
    const never = pool.run(fibers.waits(60_000), { prefer: 2 })
    never.catch(() => {})
    await expect.poll(async () => (await never.status()).status, patiently).toBe("parked")
    await pool.resize(1, { grace: 400 })
    await soon
    expect(await pinned).toBe(true)
    await expect(never).rejects.toThrow(coded("ROVE_INTERRUPTED"))
  })
  test("what sleeps for long, and who joins it, sleep on elsewhere: the thread need not wait for them", {
    timeout: 30_000,
  }, async () => {
    const pool = await start({ workers: 2 })
    const run = pool.run(fibers.sumOfNaps(1, 60_000), { prefer: 2 })
    run.catch(() => {})
    await expect.poll(async () => (await run.status()).waitsFor, patiently).toContain("join")
    await pool.resize(1, { grace: 60_000 })
    await expect.poll(async () => (await run.status()).thread, patiently).toBe(1)
    expect((await run.status()).waitsFor).toContain("join")
  })
  test("what waits for its modules on a thread that goes begins on another one instead, and what was to come stays", {
    timeout: 30_000,
  }, async () => {
    const shut = join(scratch({}), "shut")
    process.env["ROVE_TEST_GATE"] = shut
    const pool = await start({ workers: 2 })
    expect(await pool.run(gated.says("first"), { prefer: 1 })).toBe("first on 1")
    writeFileSync(shut, "")
    const goes = pool.run(gated.goesTo(2), { prefer: 1 })
    const runs = Array.from({ length: 20 }, (_, i) => pool.run(gated.says(`${i}`), { prefer: 2 }))
    const interrupted = pool.run(gated.says("never"), { prefer: 2 })
    await expect.poll(() => existsSync(`${shut}-2`), patiently).toBe(true)
    interrupted.interrupt("not wanted")
    await pool.resize(1, { grace: 60_000 })
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, (_, i) => `${i} on 1`))
    expect(await goes).toContain("stays: ")
    await expect(interrupted).rejects.toThrow(coded("ROVE_INTERRUPTED"))
    expect(pool.stats()).toMatchObject({ deaths: 0, pending: 0 })
  })
  test("the result of a fiber whose home has gone is known to those who ask late", { timeout: 30_000 }, async () => {
    const pool = await start({ workers: 2 })
    const ref = await pool.run(fibers.spawnsAndTells(), { prefer: 2 })
    await pool.resize(1)
    expect(await pool.run(fibers.joins(ref))).toBe("the child's")
  })
  test("growing and shrinking in the middle of work loses and doubles nothing", { timeout: 60_000 }, async () => {
    const pool = await start({ workers: 2 })
    const runs = Array.from({ length: 300 }, (_, i) => pool.run(fibers.tree(5, i)))
    for (const workers of [4, 1, 3, 2, 1, 4]) await pool.resize(workers, { grace: 30_000 }) // for busy machines
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 300 }, (_, i) => 32 * i))
    expect(pool.stats().deaths).toBe(0)
  })
  test("several at once are each over when it is so", { timeout: 30_000 }, async () => {
    const pool = await start({ workers: 1 })
    await Promise.all([pool.resize(2), pool.resize(3), pool.resize(3)])
    expect(pool.threads()).toHaveLength(3)
  })

  test("a number that is none is refused", async () => {
    const pool = await start({ workers: 1 })
    await expect(pool.resize(0)).rejects.toThrow(coded("ROVE_CONFIG"))
  })
  test("what it cannot take is refused with its name and that of the argument", async () => {
    const pool = await start({ workers: 1 })
    const wrong: [Parameters<typeof pool.resize>, string][] = [
      [[0], "pool.resize: its first argument, the number of threads: expected a whole number from 1 to 512, not 0"],
      [["2" as never], "not '2'"],
      [[2, { grace: -1 }], 'pool.resize: option "grace": expected a number from 0 to 3600000, not -1'],
      [[2, { grac: 1 } as never], 'pool.resize has no option "grac": did you mean "grace"?'],
      [[2, null as never], "pool.resize takes its options as an object, not null"],
    ]
    for (const [given, message] of wrong) {
      const refused = pool.resize(...given)
      await expect(refused).rejects.toThrow(message)
      await expect(refused).rejects.toThrow(coded("ROVE_CONFIG"))
    }
    expect(pool.threads()).toHaveLength(1)
  })
})

test("a callback of atExit may close the pool, and wait for that", async () => {
  const pool = await start()
  const seen: unknown[] = []
  pool.atExit(async () => void seen.push(await pool.close()))
  pool.atExit(() => pool.close())
  const closing = pool.close()
  const report = await closing
  expect(seen).toEqual([report])
  expect(pool.close()).toBe(closing)
})

test("what no thread had begun when a pool was drained for long enough is interrupted, and not lost with a thread", {
  timeout: 30_000,
}, async () => {
  const pool = await start()
  const begun = new SharedArrayBuffer(8)
  const holding = [1, 2].map(prefer => pool.run(fibers.holdsThread(begun), { prefer }).catch(error => error))
  await expect.poll(() => new Int32Array(begun)[0], patiently).toBe(2)
  const behind = Array.from({ length: 20 }, () => pool.run(fibers.sumOfNaps(1, 1)).catch(error => error))
  await pool.close({ mode: "drain", grace: 100 })
  expect(await Promise.all(behind)).toEqual(Array.from({ length: 20 }, () => coded("ROVE_INTERRUPTED")))
  expect(await Promise.all(holding)).toEqual([coded("ROVE_WORKER_LOST"), coded("ROVE_WORKER_LOST")])
})

describe("close in mode record", () => {
  test("what runs, sleeps, joins or waits in the queue becomes records that go on in another pool, and is no failure", {
    timeout: 60_000,
  }, async () => {
    const failures: string[] = []
    const logger = { warn: () => {}, error: (_: unknown, text?: string) => void failures.push(`${text}`) }
    const pool = await start({ workers: 2, logger })
    const cleaned = new SharedArrayBuffer(4)
    const parents = [
      pool.run(fibers.parent(200)),
      pool.run(fibers.hasty(200, null)),
      pool.run(fibers.hasty(200, 2), { prefer: 1 }),
    ]
    const looping = pool.run(fibers.loops(1e9))
    const queued = Array.from({ length: 700 }, (_, i) => pool.run(fibers.later(i)))
    const stuck = pool.run(fibers.waitsAndCleans(cleaned))
    await expect.poll(async () => (await stuck.status()).status, patiently).toBe("parked")
    for (const parent of parents)
      await expect.poll(async () => (await parent.status()).waitsFor, { timeout: 5000 }).toContain("join")
    const ends = Promise.allSettled([...parents, looping, stuck, ...queued])
    const { records, ended, leaked } = await pool.close({ mode: "record", grace: 1000 })
    const settled = await ends
    // one waited for a promise: it was interrupted, and its finally blocks ran
    expect(ended).toEqual([stuck.id])
    expect(new Int32Array(cleaned)[0]).toBe(1)
    expect(leaked).toEqual([])
    // each fiber once: it has ended, or it is a record; the children that the parents join are some, too
    const returned = settled.filter(({ status }) => status === "fulfilled").length
    expect(records).toHaveLength(settled.length - returned - 1 + parents.length)
    expect(failures).toEqual([])
    const other = await start({ workers: 2 })
    // who joins is a record also where the end of the other one would have come first
    const hasty = records.filter(record => /^(hasty|there)$/.test(record.toJSON().name))
    expect(hasty.map(record => record.toJSON().name).toSorted()).toEqual(["hasty", "hasty", "there", "there"])
    const resumed = await Promise.all(
      records.filter(record => !hasty.includes(record)).map(record => other.resume(record)),
    )
    expect(resumed).toContain("parent of child after 200")
    const numbers = [...resumed, ...settled.map(end => (end.status === "fulfilled" ? end.value : null))]
    // on a busy machine the loop may be through before the others wait
    expect(numbers.filter(value => value === 1e9)).toHaveLength(1)
    expect(
      numbers.filter(value => typeof value === "number" && value < 700).toSorted((a, b) => Number(a) - Number(b)),
    ).toEqual(Array.from({ length: 700 }, (_, i) => i))
  })
  test("how a child ended before stays behind, unless its parent has joined it or it is a branch: then it goes along", {
    timeout: 30_000,
  }, async () => {
    const pool = await start({ workers: 1 })
    const word = new SharedArrayBuffer(4)
    const runs = [fibers.joinsLate(word), fibers.joinsAtOnce(word), fibers.branches(word)].map(made => pool.run(made))
    for (const run of runs) {
      run.catch(() => {})
      await expect.poll(async () => (await run.status()).waitsFor, patiently).toContain("(told)")
    }
    await pause(50) // the quick children have ended
    const { records } = await pool.close({ mode: "record" })
    const other = await start({ workers: 1 })
    const ids = runs.map(({ id }) => id)
    const isParent = (record: (typeof records)[number]) => ids.includes(record.toJSON().id)
    for (const child of records.filter(record => !isParent(record))) void other.resume(child)
    Atomics.store(new Int32Array(word), 0, 1)
    const ends = await Promise.allSettled(
      ids.map(id => other.resume(records.find(record => record.toJSON().id === id) as (typeof records)[number])),
    )
    expect(ends).toEqual([
      { status: "rejected", reason: coded("ROVE_UNKNOWN_FIBER") },
      { status: "fulfilled", value: 601 },
      { status: "fulfilled", value: 601 },
    ])
  })
  test("what a thread has been sent and imports the modules for is a record too", async () => {
    const pool = await start({ workers: 2 })
    const runs = Array.from({ length: 6 }, (_, i) => pool.run(fibers.later(i)))
    const ends = Promise.allSettled(runs)
    for (let i = 0; i < 5; i++) await null // they are sent, and nothing has come of it
    const { records, ended } = await pool.close({ mode: "record" })
    const returned = (await ends).filter(({ status }) => status === "fulfilled").length
    expect([records.length + returned, ended]).toEqual([6, []])
  })
  test("after any close each fiber has ended once, and work that comes meanwhile is refused", {
    timeout: 60_000,
  }, async () => {
    for (const mode of ["interrupt", "drain", "record"] as const) {
      const pool = await start({ workers: 2 })
      const runs = Array.from({ length: 40 }, (_, i) => pool.run(i % 2 === 0 ? fibers.later(i) : fibers.tree(3, i)))
      const ends = Promise.allSettled(runs)
      const closing = pool.close({ mode, grace: 30_000 }) // on a busy machine the first import takes seconds
      await expect(pool.run(fibers.later(1))).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
      await expect(pool.call(fibers.plain)).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
      await expect(pool.resize(3)).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
      const { records, ended } = await closing
      const settled = await ends
      const reasons = settled.flatMap(end => (end.status === "rejected" ? [end.reason] : []))
      expect(reasons.some(reason => reason instanceof WorkerLost)).toBe(false)
      if (mode === "drain") expect([reasons.length, records.length, ended.length]).toEqual([0, 0, 0])
      if (mode === "interrupt") expect(records).toEqual([])
      expect(ended.length).toBe(reasons.filter(({ code }) => code === "ROVE_INTERRUPTED").length)
    }
  })
})

test("closing waits for what a worker writes, and not for intervals and servers there; nor does letting a thread go", {
  timeout: 30_000,
}, async () => {
  const pool = await start({ workers: 2, grace: 60_000 })
  const bytes = 4_000_000
  const files = ["one", "two"].map(name => join(scratch({}), name))
  const runs = files.map((file, i) => pool.run(fibers.keepsAwake(file, bytes), { prefer: i + 1 }))
  for (const run of runs) run.catch(() => {})
  for (const run of runs) await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
  await runs[1]?.interrupt()
  await pool.resize(1)
  await pool.close()
  expect(files.map(file => statSync(file).size)).toEqual([bytes, bytes])
})

test("invariant 33: a fiber that catches its interrupt and goes on is told of after three more, once, wherever it is by then", async () => {
  const told: string[] = []
  const logger = { warn: (_: object, text: string) => void told.push(text), error() {} }
  await using pool = await start({ workers: 2, grace: 300, logger })
  const caught = new SharedArrayBuffer(4)
  const run = pool.run(fibers.stubborn(caught))
  run.catch(() => {})
  await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
  const ask = () => void run.interrupt("enough").catch(() => {})
  ask()
  await expect.poll(() => new Int32Array(caught)[0], patiently).toBe(1)
  for (let i = 0; i < 2; i++) ask()
  expect((await run.status()).status).toBe("parked")
  expect(told).toEqual([])
  for (let i = 0; i < 5; i++) ask()
  await expect.poll(() => told, patiently).toHaveLength(1)
  expect(told[0]).toMatch(
    /^stubborn goes on after 4 interrupts: .* it is in: sleep of 60000 ms, on thread \d, in fiber /,
  )
  expect(new Int32Array(caught)[0]).toBe(1)
})

test("invariant 33: a fiber that catches its interrupt and goes on is asked once, and named at the end: its thread is ended", {
  timeout: 30_000,
}, async () => {
  const pool = await start({ workers: 2, grace: 300 })
  const caught = new SharedArrayBuffer(4)
  const run = pool.run(fibers.stubborn(caught))
  run.catch(() => {})
  await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
  const { ended } = await pool.close()
  await expect(run).rejects.toMatchObject({
    code: "ROVE_WORKER_LOST",
    message: expect.stringMatching(/^thread \d is gone and fiber \S+ \(stubborn\) with it$/),
    cause: { message: expect.stringMatching(/: the pool ended it, because its grace of 300 ms was over$/) },
  })
  expect([ended, new Int32Array(caught)[0]]).toEqual([[run.id], 1])
})
