/** Scopes, limits and uninterruptible stretches of coroutines: each belongs to the stack that entered it, wherever the fiber is. */
import { channel, type FiberHandle, LocalHost, Pool, type Resumable } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./stack-lifetimes.fibers.ts"

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const threads = pool.threads().map(({ id }) => id)
const hosts = [
  ["on one thread", new LocalHost(), []],
  ["on a pool, moved in between", pool, threads],
] as const

describe.each(hosts)("%s", (_, host, threads) => {
  const run = <R>(program: Resumable<R>): FiberHandle<R> => host.run(program)
  test("a limit that is over while its stack is switched away interrupts that one when it goes on, and no other", async () => {
    expect(await run(fibers.limited(threads))).toEqual([
      "main has Infinity left",
      "main has slept",
      "other goes on",
      "other ROVE_TIMEOUT",
      "other has Infinity left",
    ])
  })
  test("a scope has the children and cleanups of its stack, and ends that one when a child fails", async () => {
    expect(await run(fibers.scoped(threads))).toEqual([
      "main has slept",
      "other goes on",
      "other's cleanup",
      "other RangeError: the other's child",
      "child: main's",
    ])
  })
  test("an uninterruptible stretch of a stack that is switched away keeps no interrupt from the one that runs", async () => {
    const ready = channel<void>()
    const handle = run(fibers.sheltered(ready, threads))
    await expect.poll(async () => (await handle.status()).waitsFor, { timeout: 10_000 }).toMatch(/^send/)
    await handle.interrupt("now")
    expect(await handle).toEqual(["main ROVE_INTERRUPTED", "other goes on"])
  })
  test("what lies around a switch to a coroutine is in force there, as its error comes out there", async () => {
    const seen = ["a minute", "a minute", "no limit", "soon", "ROVE_TIMEOUT", "ended"]
    expect(await run(fibers.around(threads))).toEqual(seen)
  })
  test("what an abandoned stack has entered ends with its fiber", async () => {
    const cleaned = new Int32Array(new SharedArrayBuffer(4))
    expect(await run(fibers.abandoned(cleaned, threads))).toBe("over")
    expect(cleaned[0]).toBe(11)
  })
  test.each([true, false])(
    "the failure of a child in the scope of an abandoned stack is the fiber's (a cleanup: %j)",
    async cleans => {
      await expect(run(fibers.failedAside(cleans))).rejects.toThrow(new RangeError("a child's"))
    },
  )
  test("an interrupt skips no cleanup of a scope of which one has switched to another stack and back", async () => {
    const cleaned = new Int32Array(new SharedArrayBuffer(4))
    const ready = channel<void>()
    const handle = run(fibers.cleanedAcross(ready, cleaned))
    handle.catch(() => {})
    await expect.poll(async () => (await handle.status()).waitsFor, { timeout: 10_000 }).toMatch(/^send/)
    const interrupted = handle.interrupt("now")
    await host.run(fibers.takes(ready))
    await interrupted
    await expect(handle).rejects.toMatchObject({ reason: "now" })
    expect(cleaned[0]).toBe(111)
  })
})

test("a record holds what each stack has entered, as the fiber does", async () => {
  const host = new LocalHost()
  let handle = host.run(fibers.limited([]))
  handle.catch(() => {})
  await expect.poll(async () => (await handle.status()).waitsFor).toMatch(/^sleep of 40 ms/)
  const record = await handle.record()
  handle = new LocalHost().resume(record) as typeof handle
  expect(await handle).toContain("other ROVE_TIMEOUT")
})
