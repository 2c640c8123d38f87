/**
 * Every operation that waits, with a partner on another thread: interrupted, timed out, moved while it waits, and what becomes of it when
 * the thread of its partner, or of what it waits at, dies.
 */
import { type FiberHandle, FiberInterrupted, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import {
  dies,
  goOn,
  impatient,
  makes,
  partner,
  partnerOf,
  type Things,
  told,
  type What,
  waiter,
  waits,
} from "./waits.fibers.ts"

const operations = Object.keys(waits) as What[]
const pool = await Pool.start({ workers: 3, grace: 2000 })
afterAll(() => pool.close())
let started = 0
/** Two that live, in the order of their age. */
const threads = () => pool.threads().map(({ id }) => id) as [number, number, number]

interface Scene {
  readonly home: number
  readonly with: number
}
async function start(what: What, scene: Scene): Promise<{ things: Things; keeps: FiberHandle<number> }> {
  const things = await pool.run(makes(scene.home, `${++started}`))
  const keeps = pool.run(partner(what, things, scene.with))
  keeps.catch(() => {})
  await pool.run(partnerOf(things)) // it is there
  return { things, keeps }
}
/** It waits for what it is to wait for, and is not on its way there. */
async function parked(fiber: FiberHandle<unknown>): Promise<void> {
  const waitsFor = async () => (await fiber.status()).waitsFor ?? "nothing"
  await expect.poll(waitsFor, { timeout: 10_000, interval: 5 }).not.toMatch(/^(nothing|look up|tell|sleep of 2 ms)/)
}

describe.each(operations)("%s", what => {
  // the object is where the waiter is, where the partner is, or with neither
  test.each([0, 1, 2])("interrupted (home %i): the next one gets what it did not", async at => {
    const [one, two] = threads()
    const { things, keeps } = await start(what, { home: threads()[at] as number, with: two })
    const first = pool.run(waiter(what, things, one))
    await parked(first)
    expect(await first.interrupt("enough")).toBe("delivered")
    const error = await first.catch(error => error)
    expect([error instanceof FiberInterrupted, error.reason]).toEqual([true, "enough"])
    const second = pool.run(waiter(what, things, one))
    await parked(second)
    await pool.run(goOn(things))
    expect((await second)[0]).toBe(42)
    expect(await keeps).toBe(42)
  })
  test("timed out: it goes on when it is begun anew", async () => {
    const [one, two, three] = threads()
    const { things, keeps } = await start(what, { home: three, with: two })
    expect(await pool.run(impatient(what, things, one))).toEqual(["ROVE_TIMEOUT", 42])
    expect(await keeps).toBe(42)
  })
  test.each([0, 1, 2])("moved while it waits (home %i): it gets its value where it goes on", async at => {
    const [one, two, three] = threads()
    const { things, keeps } = await start(what, { home: threads()[at] as number, with: two })
    const first = pool.run(waiter(what, things, one))
    await parked(first)
    const moved = first.migrateTo(three)
    await pool.run(goOn(things))
    await moved
    // what only its thread can wait for is waited for there, and then it goes
    const [got, where] = await first
    expect(got).toBe(42)
    // the end of a fiber comes behind all that it could say of that
    if (what !== "end of a child") expect(where).toBe(three)
    expect(await keeps).toBe(42)
  })
})

/** Who waits for nobody that has died does not notice. */
const alone: readonly What[] = [
  ...(["sleep", "sleepUntil", "interval", "pause of a retry"] as const),
  ...(["wait for a promise", "callAsync", "end of a child"] as const),
]
/** What is free again when its owner has gone. */
const locks: readonly What[] = ["mutex lock", "read lock", "write lock", "acquire", "select"]
const lost: { readonly [K in What]?: string } = { ask: "ROVE_NO_PROCESS", join: "ROVE_WORKER_LOST" }

describe.each(operations)("%s, and the partner's thread dies", what => {
  test("what it waits at lives on", async () => {
    const [one, two, three] = threads()
    const { things, keeps } = await start(what, { home: one, with: three })
    const first = pool.run(told(what, things, two))
    await parked(first)
    await pool.run(dies(three)).catch(() => {})
    await expect(keeps).rejects.toMatchObject({ code: "ROVE_WORKER_LOST" })
    if (!alone.includes(what) && !locks.includes(what) && lost[what] === undefined) {
      // nobody has told it anything: it waits for the next one who does
      expect((await first.status()).status).toBe("parked")
      if (what === "receive" || what === "suspend") await first.interrupt()
      else {
        const next = pool.run(partner(what, things, one))
        await pool.run(goOn(things))
        expect(await next).toBe(42)
        expect(await first).toBe("went on")
      }
    } else expect(await first).toBe(lost[what] ?? "went on")
  })
  test("and so does the home of what it waits at", async () => {
    const [, two, three] = threads()
    const { things, keeps } = await start(what, { home: three, with: three })
    const first = pool.run(told(what, things, two))
    await parked(first)
    await pool.run(dies(three)).catch(() => {})
    if (what === "receive" || what === "suspend") {
      // its inbox, or what it waits for, is its own
      expect((await first.status()).status).toBe("parked")
      await first.interrupt()
    } else expect(await first).toBe(alone.includes(what) ? "went on" : (lost[what] ?? "ROVE_WORKER_LOST"))
    await expect(keeps).rejects.toMatchObject({ code: "ROVE_WORKER_LOST" })
  })
})
