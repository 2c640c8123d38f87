/** What fibers send where they may not wait, on a pool: in order (invariant 49), and there before their end is heard of (53). */
import { type FiberHandle, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./errands.fibers.ts"

const pool = await Pool.start({ workers: 3 })
afterAll(() => pool.close())
const threads = pool.threads().map(({ id }) => id)
const [first] = threads as [number]

describe.each(fibers.WHERE)("sent in %s", where => {
  test("it comes in order although the sender goes to and fro", async () => {
    expect(await pool.run(fibers.inOrder(where, threads, 60))).toEqual([])
  })
  test("it comes before the end of its sender is heard of", async () => {
    expect(await pool.run(fibers.ends(where, threads, 40))).toBe(0)
  })
})
test("a lock is free before the end of who held it is heard of, wherever that was", async () => {
  expect(await pool.run(fibers.locked(threads, 30))).toBe(0)
})
test("who sends in passing could be recorded, and says so", async () => {
  expect(await pool.run(fibers.sendsAndAsks(first))).toBe(true)
})
describe("a fiber whose last words are on their way", () => {
  const patiently = { timeout: 10_000, interval: 1 }
  async function lingering(how: "returns" | "throws", from = pool) {
    const [here, there] = from.threads().map(({ id }) => id) as [number, number]
    for (;;) {
      const word = new SharedArrayBuffer(8)
      const speaker = from.run(fibers.lastWords(there, how, word))
      const end = speaker.catch((error: Error) => `${error}`)
      const waitsFor = async () => (await speaker.status()).waitsFor
      await expect.poll(waitsFor, patiently).toMatch(/^receive/)
      const heard = from.run(fibers.hears(here, word))
      const goOn = () => void Atomics.store(new Int32Array(word), 0, 1)
      for (let left = 1000; left > 0; left--) {
        if ((await waitsFor()) === "arrival of what it has sent") return { speaker, end, heard, goOn }
        await new Promise(resolve => setTimeout(resolve, 1))
      }
      // the thread that is to be slow has stolen it before it sent anything
      goOn()
      await Promise.all([heard, end])
    }
  }
  test.each(["returns", "throws"] as const)("waits for that, and %s although it is interrupted then", async how => {
    const { speaker, end, heard, goOn } = await lingering(how)
    speaker.interrupt("too late")
    goOn()
    expect(await heard).toBe("last words")
    expect(await end).toBe(how === "returns" ? "ended" : "RangeError: ended")
  })
  test("becomes a record when they have arrived", async () => {
    const { speaker, heard, goOn } = await lingering("returns")
    const recorded = speaker.record()
    await speaker.status() // its thread has read both
    goOn()
    expect(await heard).toBe("last words")
    expect(await pool.resume(await recorded)).toBe("ended")
  })
  test("tells how it ended if its pool closes and nobody ever takes them", async () => {
    const closing = await Pool.start({ workers: 3 })
    const { speaker, heard } = await lingering("returns", closing)
    heard.catch(() => {})
    await closing.close({ mode: "drain", grace: 300 })
    expect(await speaker).toBe("ended")
    await expect(heard).rejects.toThrow("is gone")
  })
})

describe("a fiber that has been interrupted, and speaks then to a thread that hangs, ends as it would have", () => {
  const set = (word: SharedArrayBuffer) => void Atomics.store(new Int32Array(word), 0, 1)
  async function speaking() {
    const [from, hangs, word] = [await Pool.start({ workers: 3 }), new SharedArrayBuffer(8), new SharedArrayBuffer(4)]
    const [one, , three] = from.threads().map(({ id }) => id) as [number, number, number]
    await from.run(fibers.leavesSomebody(three, word))
    const speaker = from.run(fibers.speaksAtLast(three, word))
    const waitsFor = async () => (await speaker.status()).waitsFor
    await expect.poll(waitsFor).toMatch(/^receive/)
    const heard = from.run(fibers.hears(one, hangs)).catch((error: Error) => `${error}`)
    await expect.poll(waitsFor).toMatch(/^sleep/)
    return { from, speaker: speaker.catch((error: Error) => `${error}`), heard, goOn: () => set(hangs) }
  }
  test("when its own thread goes", async () => {
    const { from, speaker, heard, goOn } = await speaking()
    await from.resize(2, { grace: 100 })
    goOn()
    expect([await speaker, await heard]).toEqual(["ended", "last words"])
    await from.close()
  })
  test("when its pool closes", async () => {
    const { from, speaker } = await speaking()
    await from.close({ grace: 100 })
    expect(await speaker).toBe("ended")
  })
})

describe("who goes on sending where it may not wait, to threads that answer one after the other,", () => {
  const patiently = { timeout: 10_000, interval: 1 }
  /** On the third thread; asks when the other two have had their turns. */
  async function sending(from: Pool, asks: (sender: FiberHandle<never>) => Promise<void>) {
    const [one, two, three] = from.threads().map(({ id }) => id) as [number, number, number]
    const words = new SharedArrayBuffer(12)
    const sender = from.run(fibers.sendsOn(three, [one, two], words))
    sender.catch(() => {})
    await expect.poll(() => Atomics.load(new Int32Array(words), 1), patiently).toBeGreaterThan(4)
    // before it began to send, another thread may have stolen it
    await expect.poll(async () => (await sender.status()).thread, patiently).toBe(three)
    await asks(sender)
    sender.interrupt("that was all")
    await expect(sender).rejects.toThrow()
    Atomics.store(new Int32Array(words), 2, 1)
  }
  test("becomes a record all the same", async () => {
    await sending(pool, async sender => {
      await sender.record()
      await expect(sender).rejects.toMatchObject({ code: "ROVE_RECORDED" })
    })
  })
  test("is copied all the same", async () => {
    await sending(pool, async sender => void (await sender.snapshot()))
  })
  test("goes to where somebody wants it", async () => {
    await sending(pool, sender => sender.migrateTo(first))
  })
  test("leaves a thread that goes", async () => {
    await using leaving = await Pool.start({ workers: 3 })
    await sending(leaving, async sender => {
      await leaving.resize(2, { grace: 3_600_000 })
      expect((await sender.status()).status).not.toBe("done")
    })
  })
})
