/** Threads that join a pool which did not make them: invariants 35 to 42, with real threads. */
import { currentThread } from "@rove/fibers"
import {
  activate,
  attach,
  createSeat,
  deactivate,
  deleteSeat,
  guard,
  type Logger,
  Pool,
  type PoolOptions,
  release,
} from "@rove/scheduler"
import { afterEach, describe, expect, test } from "vitest"
import * as fibers from "../pool/face.fibers.ts"
import { attachesWhileClosing, type Guest, startGuest } from "./guest.ts"

const pools: Pool[] = []
const guests: Guest[] = []
async function start(options: PoolOptions = {}): Promise<Pool> {
  const pool = await Pool.start({ workers: 1, grace: 2000, ...options })
  pools.push(pool)
  return pool
}
async function guest(): Promise<Guest> {
  const made = await startGuest()
  guests.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(guests.splice(0).map(({ worker }) => worker.terminate()))
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})
/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }
const coded = (code: string) => expect.objectContaining({ code })
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe("attach", () => {
  test("the main thread runs fibers of its pool, and is as it was after the release", { timeout: 30_000 }, async () => {
    const pool = await start()
    const before = currentThreadName()
    const token = await attach(pool, { name: "main" })
    expect(currentThread().name).toBe("main")
    expect(await pool.run(fibers.whereAmI(), { prefer: token.thread.id })).toBe(token.thread.id)
    expect(await pool.run(fibers.tour([1, token.thread.id, 1]))).toEqual([1, token.thread.id, 1])
    await release(token)
    expect(currentThreadName()).toBe(before)
    await expect.poll(() => pool.threads().map(({ id }) => id), patiently).toEqual([1])
    expect(await pool.run(fibers.whereAmI(), { prefer: token.thread.id })).toBe(1)
    await expect(release(token)).rejects.toThrow(coded("ROVE_ATTACHMENT"))
  })

  test("a Worker that the pool did not make runs fibers from a view that was posted to it", {
    timeout: 30_000,
  }, async () => {
    const pool = await start()
    const { tell } = await guest()
    const { value: id } = await tell({ what: "attach", view: pool.view })
    expect(id).toBeGreaterThan(1)
    expect(await pool.run(fibers.tour([1, id as number, 1, id as number]))).toEqual([1, id, 1, id])
    expect(pool.threads().map(({ name }) => name)).toContain("guest")
    const runs = Array.from({ length: 50 }, () => pool.run(fibers.lingers(300), { prefer: id as number }))
    await pause(30)
    expect(await tell({ what: "release" })).toEqual({ value: undefined })
    // their home is the pool, they slept on the guest, and end elsewhere
    for (const end of await Promise.all(runs)) expect(end).toBe(1)
    expect(pool.stats().deaths).toBe(0)
  })

  test("tokens nest, and are given back in the opposite order; the inner ones change nothing", async () => {
    const pool = await start()
    const outer = await attach(pool)
    const inner = await attach(pool.view)
    expect(inner.thread.id).toBe(outer.thread.id)
    await expect(release(outer)).rejects.toThrow(coded("ROVE_ATTACHMENT"))
    await release(inner)
    expect(await pool.run(fibers.whereAmI(), { prefer: outer.thread.id })).toBe(outer.thread.id)
    await release(outer)
  })

  test("several runtimes on one thread nest and restore each other; each runs its own fibers there", async () => {
    const [a, b] = [await start({ name: "a" }), await start({ name: "b" })]
    await using inA = await attach(a, { name: "here-a" })
    {
      await using inB = await attach(b, { name: "here-b" })
      expect(currentThread().name).toBe("here-b")
      const runs = [
        a.run(fibers.whereAmI(), { prefer: inA.thread.id }),
        b.run(fibers.whereAmI(), { prefer: inB.thread.id }),
      ]
      expect(await Promise.all(runs)).toEqual([inA.thread.id, inB.thread.id])
      expect(currentThread().name).toBe("here-b")
    }
    expect(currentThread().name).toBe("here-a")
  })

  test("a pool that is closing or gone takes nobody in, by its view neither, for ever", {
    timeout: 30_000,
  }, async () => {
    const pool = await start()
    const { view } = pool
    const { tell } = await guest()
    const run = pool.run(fibers.cleansUp())
    run.catch(() => {})
    const closing = pool.close()
    await expect(attach(pool)).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
    expect(await tell({ what: "attach", view })).toMatchObject({ code: "ROVE_POOL_CLOSED" })
    await closing
    await expect(attach(view)).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
    expect(await tell({ what: "attach", view })).toMatchObject({ code: "ROVE_POOL_CLOSED" })
    expect(() => guard(view)).toThrow(coded("ROVE_POOL_CLOSED"))
    expect(() => createSeat(view)).toThrow(coded("ROVE_POOL_CLOSED"))
    await expect(attach({} as never)).rejects.toThrow(coded("ROVE_INVALID_ARGUMENT"))
  })

  test("attaching while the pool closes ends one way or the other, at every moment", async () => {
    await attachesWhileClosing(await guest(), 8)
  })

  test("a guest that dies takes its fibers along, once each; the pool goes on and does not replace it", async () => {
    const pool = await start()
    const { worker, tell } = await guest()
    const { value: id } = await tell({ what: "attach", view: pool.view })
    const run = pool.run(fibers.lingers(60_000), { prefer: id as number })
    run.catch(() => {})
    await expect.poll(async () => (await run.status()).status, patiently).toBe("parked")
    await worker.terminate()
    await expect(run).rejects.toThrow(coded("ROVE_WORKER_LOST"))
    expect(await pool.run(fibers.whereAmI())).toBe(1)
    await expect.poll(() => pool.threads(), patiently).toHaveLength(1)
  })

  test("a token that is left is reported when the pool closes, and not waited for", { timeout: 30_000 }, async () => {
    const reports: object[] = []
    const logger: Logger = { warn: details => void reports.push(details), error() {} }
    const pool = await start({ logger, grace: 3_600_000 })
    const { tell } = await guest()
    await tell({ what: "attach", view: pool.view })
    expect((await pool.close()).leaked).toEqual(["guest"])
    expect(reports).toContainEqual({ leaked: ["guest"] })
    expect(await tell({ what: "release" })).toEqual({ value: undefined })
  })

  test("a guest that is blocked does not hold up the end for longer than the grace", { timeout: 30_000 }, async () => {
    const pool = await start({ grace: 200, logger: { warn() {}, error() {} } })
    const { tell } = await guest()
    await tell({ what: "attach", view: pool.view })
    const until = new Int32Array(new SharedArrayBuffer(4))
    const blocked = tell({ what: "block", until })
    await pause(100)
    await pool.close()
    Atomics.store(until, 0, 1)
    Atomics.notify(until, 0)
    expect(await blocked).toEqual({ value: "blocked" })
  })
})

describe("seats", () => {
  test("a seat is one thread's: another one, a second time, and after its deletion it is refused", async () => {
    const pool = await start()
    const seat = createSeat(pool, { name: "window" })
    expect((await activate(seat)).name).toBe("window")
    await expect(activate(seat)).rejects.toThrow(coded("ROVE_ATTACHMENT"))
    const { tell } = await guest()
    expect(await tell({ what: "activate", seat })).toMatchObject({ code: "ROVE_ATTACHMENT" })
    expect(await tell({ what: "deactivate", seat })).toMatchObject({ code: "ROVE_ATTACHMENT" })
    expect(() => deleteSeat(seat)).toThrow(coded("ROVE_ATTACHMENT"))
    await deactivate(seat)
    await expect(deactivate(seat)).rejects.toThrow(coded("ROVE_ATTACHMENT"))
    await activate(seat)
    await deactivate(seat)
    deleteSeat(seat)
    await expect(activate(seat)).rejects.toThrow(coded("ROVE_ATTACHMENT"))
    expect(() => deleteSeat(seat)).toThrow(coded("ROVE_ATTACHMENT"))
  })
  test("a seat that was made here can be taken by the thread that it is posted to", async () => {
    const pool = await start()
    const seat = createSeat(pool, { name: "theirs" })
    const { tell } = await guest()
    expect(await tell({ what: "activate", seat })).toEqual({ value: "theirs" })
    await expect(activate(seat)).rejects.toThrow(/that of thread \d+/)
    expect(await tell({ what: "deactivate", seat })).toEqual({ value: undefined })
    await expect.poll(() => pool.threads(), patiently).toHaveLength(1)
  })
})

describe("guards", () => {
  test("the end waits for them, and names those that are left when its time is over", { timeout: 30_000 }, async () => {
    const pool = await start()
    const held = guard(pool, "flush")
    let closed = false
    const closing = pool.close().then(report => {
      closed = true
      return report
    })
    await pause(150)
    expect(closed).toBe(false)
    held[Symbol.dispose]()
    held[Symbol.dispose]()
    expect((await closing).leaked).toEqual([])

    const other = await start({ grace: 200, logger: { warn() {}, error() {} } })
    const { tell } = await guest()
    await tell({ what: "guard", view: other.view })
    void guard(other, "forgotten")
    expect((await other.close()).leaked.toSorted()).toEqual(["forgotten", "the guest's"])
  })
})

function currentThreadName(): string {
  try {
    return currentThread().name
  } catch (error) {
    return (error as { code: string }).code
  }
}
