/** What ordinary code does with a pool: calls, maps, streams, handles, limits in time, and what is carried along. */
import { AsyncLocalStorage } from "node:async_hooks"
import { type FiberRecord, RoveError } from "@rove/core"
import { type FiberHandle, LocalHost } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { lending } from "../support/pools.ts"
import * as fibers from "./face.fibers.ts"

const start = lending({ workers: 2, grace: 2000 })
/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }
const coded = (code: string) => expect.objectContaining({ code })

test("a refusal says where the user called, not where it was found", async () => {
  const pool = await start({ workers: 1 })
  async function submits(): Promise<unknown> {
    return await pool.run(fibers.outer(new WeakMap() as never))
  }
  await expect(submits()).rejects.toMatchObject({
    stack: expect.stringMatching(/at (?:async )?submits .*face\.test\.ts/),
  })
})

test("the handle of a thread is not handed over, and says that its id can be; what was not taken has no record, as it never began", async () => {
  const pool = await start()
  const [thread] = pool.threads()
  const refused = pool.run(fibers.outer(thread as never))
  await expect(refused).rejects.toThrow(
    /ThreadHandle is not portable \(it is a handle for ordinary code: hand over its id/,
  )
  await expect(refused.record()).rejects.toThrow(
    "the fiber was not taken and never began, so there is nothing to record",
  )
})

test("all that is started begins, although none of it ends and nothing else happens", async () => {
  const pool = await start({ workers: 1 })
  const runs = Array.from({ length: 600 }, () => pool.run(fibers.waitsForChild()))
  for (const run of runs) run.catch(() => {})
  await expect.poll(() => pool.stats().threads[0]?.started, patiently).toBe(1200)
  await pool.close()
})

describe("call", () => {
  test("ordinary, asynchronous and generator functions are called on a thread, with their errors", async () => {
    const pool = await start()
    expect(await pool.call(fibers.add, 1, 2)).toBe(3)
    expect(await pool.call(fibers.lengthOf, import.meta.filename)).toBeGreaterThan(1000)
    expect(await pool.call(fibers.doubled, 4)).toBe(8)
    expect(await pool.call(fibers.over, 7)).toBe(7)
    expect(await pool.call(fibers.add, Number.NaN, 2)).toBe(Number.NaN)
    await expect(pool.call(fibers.fails, "no")).rejects.toThrow(new RangeError("no"))
    await expect(pool.call(fibers.rejects, "later")).rejects.toThrow(new RangeError("later"))
    const named = pool.call(fibers.add, 1, 2)
    expect(named.name).toBe("add")
    await named
  })
  test("a function of a module without the directive is refused at once, with what to do", async () => {
    const pool = await start()
    const error = await pool.call(() => 1).catch(e => e)
    expect(error).toBeInstanceOf(RoveError)
    expect(error.code).toBe("ROVE_NOT_PORTABLE")
    expect(error.message).toContain('"use fibers"')
    await expect(pool.call(5 as never)).rejects.toThrow(coded("ROVE_INVALID_ARGUMENT"))
  })
  test("a timeout ends the wait for its promise", async () => {
    const pool = await start()
    await expect(pool.callWith({ timeout: 20 }, fibers.cleansUp)).rejects.toThrow(coded("ROVE_TIMEOUT"))
  })
})

describe("map", () => {
  test("results are in the order of the items, which may come asynchronously", async () => {
    const pool = await start()
    async function* items() {
      for (let i = 0; i < 100; i++) yield i
    }
    expect(await pool.map(items(), fibers.doubled)).toEqual(Array.from({ length: 100 }, (_, i) => 2 * i))
    expect(await pool.map([], fibers.doubled)).toEqual([])
  })
  test("no more run at a time than concurrency says, and items are asked for as there is room", async () => {
    const pool = await start()
    let given = 0
    let [most, ahead] = [0, 0]
    const ended = () => pool.stats().threads.reduce((sum, { ended }) => sum + ended, 0)
    const before = ended()
    function* items() {
      for (let i = 0; i < 40; i++) {
        given++
        most = Math.max(most, pool.stats().pending)
        ahead = Math.max(ahead, given - (ended() - before))
        yield i
      }
    }
    await pool.map(items(), fibers.doubled, { concurrency: 3 })
    expect(most).toBeLessThanOrEqual(3)
    expect(ahead).toBeLessThanOrEqual(4)
    expect(given).toBe(40)
  })
  test("the first error ends the others and the items", async () => {
    const pool = await start()
    let closed = false
    function* items() {
      try {
        yield 1
        yield "oops"
        for (;;) yield 60_000
      } finally {
        closed = true
      }
    }
    const outcome = pool.map(items(), fibers.fails as (text: unknown) => never as never, { concurrency: 4 })
    await expect(outcome).rejects.toThrow(RangeError)
    expect(closed).toBe(true)
    expect(pool.stats().pending).toBe(0)
    for (const [concurrency, shown] of [
      [0, "0"],
      ["2", '"2"'],
      [Symbol("s"), "Symbol(s)"],
    ] as const)
      await expect(pool.map([1], fibers.add as never, { concurrency: concurrency as number })).rejects.toThrow(
        `concurrency, not ${shown}`,
      )
    expect(() => pool.stream(fibers.lingers(1) as never, { buffer: "2" as never })).toThrow('as buffer, not "2"')
  })
  test("a source that never answers does not hold up an abort: the reason is the signal's own", async () => {
    const pool = await start()
    async function* items() {
      yield 1
      await new Promise(() => {})
    }
    const controller = new AbortController()
    const done = pool.map(items(), fibers.doubled, { signal: controller.signal })
    const reason = { mine: true }
    setTimeout(() => controller.abort(reason), 20)
    expect(await done.catch(e => e)).toBe(reason)
    await expect(pool.map(items(), fibers.doubled, { timeout: 20 })).rejects.toThrow(coded("ROVE_TIMEOUT"))
  })
})

describe("stream", () => {
  test("what a fiber yields comes in order, and its result is the iterator's", async () => {
    const pool = await start()
    const seen: number[] = []
    const stream = pool.stream(fibers.numbers(1000))
    let step = await stream.next()
    for (; !step.done; step = await stream.next()) seen.push(step.value)
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(step.value).toBe("1000 numbers")
    expect(await stream.next()).toEqual({ value: undefined, done: true })
    expect(stream.name).toBe("numbers")
  })
  test("values are copied as they are when they are yielded", async () => {
    const pool = await start()
    const seen: unknown[] = []
    for await (const value of pool.stream(fibers.objects())) seen.push(value)
    expect(seen).toEqual([{ at: [1] }, { at: [1, 2] }])
  })
  test("the fiber is at most `buffer` values ahead of the consumer", async () => {
    const pool = await start()
    const count = new SharedArrayBuffer(4)
    const cells = new Int32Array(count)
    const stream = pool.stream(fibers.counting(count), { buffer: 10 })
    await stream.next()
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(Atomics.load(cells, 0)).toBeLessThanOrEqual(11)
    let taken = 1
    for await (const _ of stream) expect(Atomics.load(cells, 0)).toBeLessThanOrEqual(++taken + 10)
    expect(taken).toBe(1000)
  })
  test("a fiber that changes its thread between yields loses none and keeps the order", {
    timeout: 20_000,
  }, async () => {
    const pool = await start({ workers: 3 })
    const seen: { i: number; thread: number }[] = []
    for await (const value of pool.stream(fibers.wandering([1, 2, 3], 200), { buffer: 8 })) seen.push(value)
    expect(seen.map(({ i }) => i)).toEqual(Array.from({ length: 600 }, (_, i) => i))
    expect(new Set(seen.map(({ thread }) => thread)).size).toBe(3)
  })
  test("an error comes after the values before it", async () => {
    const pool = await start()
    const seen: number[] = []
    const run = async () => {
      for await (const value of pool.stream(fibers.thenFails(300))) seen.push(value)
    }
    await expect(run()).rejects.toThrow(new RangeError("after that"))
    expect(seen).toHaveLength(300)
  })
  test("leaving the loop interrupts the fiber, and its finally blocks have run", async () => {
    const pool = await start()
    const cleaned = new SharedArrayBuffer(4)
    for await (const value of pool.stream(fibers.endless(cleaned))) if (value === 5) break
    expect(new Int32Array(cleaned)[0]).toBe(1)
    expect(pool.stats().pending).toBe(0)
    {
      await using stream = pool.stream(fibers.endless(cleaned))
      await stream.next()
    }
    expect(pool.stats().pending).toBe(0)
  })
  test("a value that cannot be handed over is an error at its yield", async () => {
    const pool = await start()
    expect(await pool.stream(fibers.unportableYield()).next()).toEqual({ value: "ROVE_NOT_PORTABLE", done: true })
  })
  test("a signal ends it with its reason, a death with WorkerLost after what came before", async () => {
    const pool = await start()
    const controller = new AbortController()
    const stream = pool.stream(fibers.endless(new SharedArrayBuffer(4)), { signal: controller.signal, buffer: 2 })
    await stream.next()
    const reason = new Error("enough")
    controller.abort(reason)
    const rest = async () => {
      for await (const _ of stream);
    }
    expect(await rest().catch(e => e)).toBe(reason)
    const seen: number[] = []
    const dying = async () => {
      for await (const value of pool.stream(fibers.dying())) seen.push(value)
    }
    await expect(dying()).rejects.toThrow(coded("ROVE_WORKER_LOST"))
    expect(seen).toEqual([1, 2])
  })
  test("of a fiber that becomes a record ends behind what it had sent; resumed, it has no reader, and a result", async () => {
    const pool = await start()
    const stream = pool.stream(fibers.numbers(50), { buffer: 2 })
    const seen = [(await stream.next()).value]
    const [record] = (await pool.close({ mode: "record" })).records
    const rest = async () => {
      for await (const value of stream) seen.push(value)
    }
    await expect(rest()).rejects.toThrow(coded("ROVE_RECORDED"))
    expect(seen).toEqual(Array.from(seen, (_, i) => i))
    const other = await start()
    expect(await other.resume(record as FiberRecord<string>)).toBe("50 numbers")
  })
  test("arguments are checked at once", async () => {
    const pool = await start()
    expect(() => pool.stream(fibers.numbers(1), { buffer: 0 })).toThrow(coded("ROVE_INVALID_ARGUMENT"))
    const used = fibers.numbers(3)
    await pool.stream(used).next()
    await expect(pool.stream(used).next()).rejects.toThrow(coded("ROVE_COMPUTATION_USED"))
    await expect(pool.stream((function* () {})() as never).next()).rejects.toThrow(coded("ROVE_NOT_COMPILED"))
  })
})

describe("a handle", () => {
  test("says where the fiber is and what it waits for, and shows its stack with live locals, portable or not", async () => {
    const pool = await start()
    const run = pool.run(fibers.outer("open sesame"))
    run.catch(() => {})
    await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
    const status = await run.status()
    expect(status).toMatchObject({ id: run.id, name: "outer", waitsFor: "sleep of 60000 ms", pinned: null })
    expect(status.thread).toBeGreaterThan(0)
    const stack = await run.stack()
    expect(stack.map(({ name, line }) => [name, line])).toEqual([
      ["inner", expect.any(Number)],
      ["outer", expect.any(Number)],
    ])
    expect(stack[0]?.locals).toEqual([expect.objectContaining({ name: "nested", kind: "Object" })])
    expect(stack[1]?.locals.map(({ name }) => name)).toEqual(["cache"])
    await run.interrupt()
    expect(await run.status()).toMatchObject({ status: "done", thread: null })
    expect(await run.stack()).toEqual([])
    await run.catch(() => {})
  })
  test("a fiber that waits for a thread, or computes, can be asked too", async () => {
    const pool = await start({ workers: 1 })
    const runs = Array.from({ length: 600 }, () => pool.run(fibers.lingers(100)))
    expect(await runs.at(-1)?.status()).toMatchObject({ status: "unstarted", thread: null })
    expect((await Promise.all(runs)).every(id => id === 1)).toBe(true)
  })
  test("moves the fiber; a pinned one says why it stays, an ended one that it has", async () => {
    const pool = await start()
    const run = pool.run(fibers.lingers(1000), { prefer: 1 })
    await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
    const moved = run.migrateTo(2)
    expect(await run).toBe(2)
    await moved
    await expect(run.migrateTo(1)).rejects.toThrow(coded("ROVE_NOT_ALIVE"))
    const other = pool.run(fibers.lingers(100))
    await expect(other.migrateTo(9)).rejects.toThrow(coded("ROVE_NO_THREAD"))
    await other
  })
  test("migrateTo inside pinned says that the fiber is pinned, and why", async () => {
    const pool = await start()
    const run = pool.run(fibers.migratesPinned())
    expect(await run).toBe(`fiber ${run.id}: it is pinned: it holds a file`)
  })
  test("disposing interrupts and waits for the end", async () => {
    const pool = await start()
    let kept: Promise<void>
    {
      await using run = pool.run(fibers.cleansUp())
      kept = run
      kept.catch(() => {})
    }
    expect(pool.stats().pending).toBe(0)
    await expect(kept).rejects.toThrow(coded("ROVE_INTERRUPTED"))
  })
  test("is about one life of the fiber: what was resumed from its record is another handle's, at its disposal too", async () => {
    const pool = await start()
    let resumed: FiberHandle<number>
    {
      await using run = pool.run(fibers.lingers(150), { prefer: 2 })
      const record = await run.record()
      await expect(run).rejects.toThrow(coded("ROVE_RECORDED"))
      resumed = pool.resume(record)
      expect(resumed.id).toBe(run.id)
      expect([await run.interrupt(), (await run.status()).status]).toEqual(["too late", "done"])
      for (const asked of [run.record(), run.migrateTo(1)]) await expect(asked).rejects.toThrow(coded("ROVE_NOT_ALIVE"))
    }
    expect([1, 2]).toContain(await resumed)
  })
  test("what is no record, such as the bytes of one, is not resumed, and is told how to be one", async () => {
    const pool = await start()
    for (const host of [pool, new LocalHost()])
      for (const given of [new Uint8Array(8), "job.record", undefined])
        await expect(host.resume(given as never)).rejects.toMatchObject({
          code: "ROVE_INVALID_ARGUMENT",
          message: expect.stringContaining("takes a FiberRecord: new FiberRecord(bytes)"),
        })
  })
  test("of a resumed fiber ends with the timeout and the signal that were given to resume", async () => {
    const pool = await start({ workers: 1 })
    const stopped = () => pool.run(fibers.lingers(60_000)).record()
    const late = pool.resume(await stopped(), { timeout: 20 })
    await expect(late).rejects.toThrow(coded("ROVE_TIMEOUT"))
    const reason = new Error("not wanted")
    const aborted = new AbortController()
    const given = pool.resume(await stopped(), { signal: aborted.signal })
    aborted.abort(reason)
    await expect(given).rejects.toBe(reason)
  })
})

describe("placement by request", () => {
  test("a fiber that let go of what kept it leaves at the next try: a refusal is not for good", async () => {
    const pool = await start()
    expect(await pool.run(fibers.lightens(), { prefer: 1 })).toEqual(["ROVE_NOT_PORTABLE", true, true])
  })
  test("a fiber goes where it says; one that cannot stays and hears why", async () => {
    const pool = await start({ workers: 3 })
    expect(await pool.run(fibers.tour([1, 3, 2, 2, 1]))).toEqual([1, 3, 2, 2, 1])
    await expect(pool.run(fibers.tour([1, 77]))).rejects.toThrow(coded("ROVE_NO_THREAD"))
    expect(await pool.run(fibers.pinnedTour(1), { prefer: 2 })).toContain("ROVE_NOT_PORTABLE")
  })
  test("a preferred thread is where an idle pool begins a fiber, or a child", async () => {
    const pool = await start({ workers: 3 })
    for (const thread of [3, 1, 2]) {
      expect(await pool.run(fibers.whereAmI(), { prefer: thread })).toBe(thread)
      expect(await pool.run(fibers.preferring(thread))).toBe(thread)
    }
    await expect(pool.run(fibers.whereAmI(), { prefer: 99 })).rejects.toThrow(coded("ROVE_NO_THREAD"))
    await expect(pool.run(fibers.whereAmI(), { prefer: 0 })).rejects.toThrow(coded("ROVE_NO_THREAD"))
    await pool.resize(1)
    expect(await pool.run(fibers.whereAmI(), { prefer: 2 })).toBe(1) // it is gone, which may happen at any time
    expect(await pool.run(fibers.preferring(2))).toBe(1)
    expect(await pool.run(fibers.joinsPreferring(2))).toBe(1)
  })
  // of three, the third may steal it on its way
  test("a child that prefers the other of two threads begins there although it is joined at once", async () => {
    const pool = await start({ workers: 2 })
    for (let i = 0; i < 20; i++) expect(await pool.run(fibers.joinsPreferring(2), { prefer: 1 })).toBe(2)
  })
})

test("the caller's AsyncLocalStorage becomes a context variable where that is asked", async () => {
  const storage = new AsyncLocalStorage<{ id: number }>()
  const pool = await start({ carry: [[storage, fibers.request]] })
  const runs = [1, 2, 3].map(id => storage.run({ id }, () => pool.run(fibers.asked())))
  expect(await Promise.all(runs)).toEqual([3, 6, 9])
  await expect(pool.run(fibers.asked())).rejects.toThrow(coded("ROVE_NO_VALUE"))
  await expect(start({ carry: [storage] as never })).rejects.toThrow(/option "carry"/)
})

describe("limits", () => {
  test("a full queue refuses, or lets wait; room says when it takes more", async () => {
    const pool = await start({ workers: 1, limits: { queue: 10 } })
    const runs = Array.from({ length: 11 }, () => pool.run(fibers.whereAmI()))
    await expect(runs[10]).rejects.toThrow(coded("ROVE_QUEUE_FULL"))
    await pool.room()
    expect(await pool.run(fibers.whereAmI())).toBe(1)
    await Promise.all(runs.slice(0, 10))
    expect(
      await pool.map(
        Array.from({ length: 100 }, (_, i) => i),
        fibers.doubled,
      ),
    ).toHaveLength(100)
    const patient = await start({ workers: 1, limits: { queue: 10, full: "wait" } })
    expect(await Promise.all(Array.from({ length: 50 }, () => patient.run(fibers.whereAmI())))).toHaveLength(50)
  })
  test("bytes count too", async () => {
    const pool = await start({ workers: 1, limits: { bytes: 10_000 } })
    const big = () => pool.call(fibers.size, "x".repeat(8000))
    const runs = [big(), big(), big()]
    await expect(runs[2]).rejects.toThrow(coded("ROVE_QUEUE_FULL"))
    await Promise.all(runs.slice(0, 2))
    await pool.drain()
    expect(pool.stats().pending).toBe(0)
  })
  test("a thread takes so many fibers and no more: a spawn throws, what was submitted waits its turn", async () => {
    const other = await start({ workers: 1, limits: { fibers: 20 } })
    expect(await other.run(fibers.spawnsMany(100))).toMatch(/^ROVE_LIMIT after \d+$/)
    const pool = await start({ workers: 2, limits: { fibers: 20 } })
    const runs = Array.from({ length: 100 }, () => pool.run(fibers.lingers(5)))
    let most = 0
    const watch = setInterval(() => {
      const { threads } = pool.stats()
      most = Math.max(
        most,
        threads.reduce((sum, { started, ended }) => sum + started - ended, 0),
      )
    }, 1)
    await Promise.all(runs)
    clearInterval(watch)
    expect(most).toBeGreaterThan(5)
    expect(most).toBeLessThanOrEqual(40)
  })
  test("a thread that needs more memory than its limit dies; the pool and the process go on", {
    timeout: 60_000,
  }, async () => {
    const pool = await start({ workers: 1, limits: { memory: 32 } })
    const error = await pool.run(fibers.hoards()).catch(e => e)
    expect(error).toMatchObject({ code: "ROVE_WORKER_LOST" })
    expect(String(error.cause)).toContain("memory")
    expect(await pool.call(fibers.add, 1, 2)).toBe(3)
  })
})

test("a hook that the destination does not know refuses the move, by its name; the fiber goes on where it is, with the hook", async () => {
  const pool = await start()
  const [code, message, stayed, heard] = await pool.run(fibers.hookedHere(2), { prefer: 1 })
  expect(code).toBe("ROVE_NOT_PORTABLE")
  expect(message).toContain("known to ")
  expect(message).toContain("is not registered")
  expect([stayed, heard]).toEqual([true, ["call leafOfHooked", "return leafOfHooked"]])
})
