/** Channels on one thread, and between real threads: what is sent is received once, in order, whatever happens in between. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import * as fibers from "./channel.fibers.ts"

const local = () => new LocalHost({ clock: new VirtualClock() })
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

describe("on one thread", () => {
  test("a sender waits for its receiver, and the other way round", async () => {
    expect(await local().run(fibers.pingPong(1000))).toBe(499500)
  })
  test("what need not wait does not, and says what came of it", async () => {
    const end = { done: true, value: undefined }
    expect(await local().run(fibers.withoutWaiting())).toEqual([
      undefined,
      true,
      true,
      false,
      2,
      { value: 1 },
      true,
      false,
      { value: 2 },
      end,
    ])
  })
  test("a full buffer drops what is sent, or the oldest, as it was made to", async () => {
    expect(await local().run(fibers.overflows("drop"))).toEqual([1, 2])
    expect(await local().run(fibers.overflows("slide"))).toEqual([4, 5])
  })
  test("the receiver has a copy, or the very thing if it is frozen", async () => {
    expect(await local().run(fibers.hands())).toEqual([true, true, true])
  })
  test("closing ends the loops of those who wait, and is an error for the others", async () => {
    expect(await local().run(fibers.closesWhileOthersWait())).toEqual([
      "ROVE_CHANNEL_CLOSED",
      { values: [], end: "closed" },
    ])
    expect(await local().run(fibers.closesOnSenders())).toEqual(["ROVE_CHANNEL_CLOSED"])
  })
  test("an error with which it is closed is thrown in all who receive", async () => {
    expect(await local().run(fibers.closesWhileOthersWait(new RangeError("no more")))).toEqual([
      "RangeError: no more",
      { values: [], end: "RangeError: no more" },
    ])
  })
  test("a receiver that is interrupted is out of the queue", async () => {
    expect(await local().run(fibers.interruptsAReceiver())).toEqual([-1, 0, false])
  })
  test("a channel that nobody has used has its home where its fiber is, whoever has looked at that from outside", async () => {
    local() // ordinary code of this thread is no other host's
    const host = new LocalHost()
    const handle = host.run(fibers.makesLate())
    await expect.poll(async () => (await handle.status()).waitsFor, { interval: 1 }).toMatch(/^sleep/)
    await handle.stack()
    const record = await handle.record()
    await expect(handle).rejects.toMatchObject({ code: "ROVE_RECORDED" })
    expect(await host.resume(record)).toBe(42)
  })
  test("fibers that wait for each other are told of as a deadlock, with what they wait for", async () => {
    await expect(local().run(fibers.stuck())).rejects.toThrow(/every fiber waits.*receive from channel/s)
  })
})

describe("between threads", { timeout: 15_000 }, () => {
  let pool: Pool
  beforeAll(async () => {
    pool = await Pool.start({ workers: 2, grace: 2000 })
  })
  afterAll(() => pool.close())

  test.each([0, 3])("all arrives once and in order, from either thread to the other (capacity %i)", async capacity => {
    for (const [home, from, to] of [
      [1, 1, 2],
      [1, 2, 1],
      [1, 2, 2],
      [2, 1, 1],
    ] as const) {
      const it = await pool.run(fibers.makesOn<number>(home, { capacity }))
      const values = upTo(200)
      const received = pool.run(fibers.receivesAll(to, it, values.length))
      expect(await pool.run(fibers.sendsAll(from, it, values))).toBe(from)
      expect(await received).toEqual(values)
    }
  })
  test("many senders and receivers on both threads: each value arrives once", async () => {
    const it = await pool.run(fibers.makesOn<number>(1))
    const receivers = upTo(8).map(i => pool.run(fibers.drains(1 + (i % 2), it)))
    const senders = upTo(8).map(i =>
      pool.run(
        fibers.sendsAll(
          1 + (i % 2),
          it,
          upTo(100).map(n => i * 100 + n),
        ),
      ),
    )
    await Promise.all(senders)
    expect(await pool.run(fibers.closes(2, it))).toBe(true)
    const got = (await Promise.all(receivers)).flatMap(({ values }) => values)
    expect(got.toSorted((a, b) => a - b)).toEqual(upTo(800))
  })
  test("a channel that ordinary code made is at home at the pool", async () => {
    const { channel } = await import("@rove/fibers")
    const it = channel<object>({ capacity: 1 })
    const received = pool.run(fibers.receivesAll(1, it, 3))
    await pool.run(fibers.sendsAll(2, it, [{ a: 1 }, { b: 2 }, { c: 3 }]))
    expect(await received).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }])
  })
  test("a timeout ends a wait at another thread's channel, and leaves nobody in its queue", async () => {
    const it = await pool.run(fibers.makesOn<number>(1))
    expect(await pool.run(fibers.tries(2, it, 20))).toBe("ROVE_TIMEOUT")
    const late = pool.run(fibers.tries(1, it))
    await pool.run(fibers.sendsAll(2, it, [7]))
    expect(await late).toBe(7)
  })
  test("closing reaches those who wait elsewhere, with its error", async () => {
    const it = await pool.run(fibers.makesOn<number>(1))
    const waits = [pool.run(fibers.drains(1, it)), pool.run(fibers.drains(2, it))]
    await pool.run(fibers.sleeps(20))
    await pool.run(fibers.closes(2, it, new RangeError("no more")))
    for (const wait of waits) expect((await wait).end).toBe("RangeError: no more")
  })
  test("a receiver elsewhere that is interrupted again and again loses nothing and doubles nothing", async () => {
    const it = await pool.run(fibers.makesOn<number>(1))
    const count = 20_000
    const kept = new SharedArrayBuffer(4 * count)
    const sent = new SharedArrayBuffer(4)
    const sender = pool.run(fibers.sendsCounted(1, it, 1, sent))
    const last = () => new Int32Array(sent)[0] as number
    for (let i = 0; i < 60 || last() <= 100; i++) {
      const receiver = pool.run(fibers.holds(2, it, kept))
      await new Promise(resolve => setTimeout(resolve, Math.random() * 4))
      await receiver.interrupt("next").catch(() => {})
      await receiver.catch(() => {})
    }
    await sender.interrupt("done")
    await sender.catch(() => {})
    const words = new Int32Array(kept)
    expect([...words.slice(1, last())].every(times => times === 1)).toBe(true)
    expect([...words.slice(last() + 2)].every(times => times === 0)).toBe(true)
  })
})

describe("threads that go", { timeout: 30_000 }, () => {
  test("a channel whose thread dies: who waits hears of that, and who comes later", async () => {
    await using pool = await Pool.start({ workers: 2, grace: 2000 })
    const it = await pool.run(fibers.makesOn<number>(2))
    const waits = pool.run(fibers.tries(1, it))
    await pool.run(fibers.sleeps(30))
    await pool.run(fibers.dies(2)).catch(() => {})
    expect(await waits).toBe("ROVE_WORKER_LOST")
    expect(await pool.run(fibers.tries(1, it))).toBe("ROVE_WORKER_LOST")
  })
  test("a receiver whose thread dies is out of the queue: the next one gets the value", async () => {
    await using pool = await Pool.start({ workers: 2, grace: 2000 })
    const it = await pool.run(fibers.makesOn<number>(1))
    const dead = pool.run(fibers.tries(2, it)).catch(() => "gone")
    await pool.run(fibers.sleeps(30))
    await pool.run(fibers.dies(2)).catch(() => {})
    expect(await dead).toBe("gone")
    const next = pool.run(fibers.tries(1, it))
    await pool.run(fibers.sendsAll(1, it, [9]))
    expect(await next).toBe(9)
  })
  test("a channel whose thread leaves is the pool's, with its values and those who wait, in their order", async () => {
    await using pool = await Pool.start({ workers: 2, grace: 2000 })
    const full = await pool.run(fibers.makesOn<object>(2, { capacity: 2 }))
    const empty = await pool.run(fibers.makesOn<number>(2))
    await pool.run(fibers.sendsAll(2, full, [{ n: 1 }, { n: 2 }]))
    const sends = pool.run(fibers.sendsAll(1, full, [{ n: 3 }]))
    const waits = pool.run(fibers.tries(1, empty))
    await pool.run(fibers.sleeps(30))
    await pool.resize(1)
    expect(await pool.run(fibers.receivesAll(1, full, 3))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(await sends).toBe(1)
    await pool.run(fibers.sendsAll(1, empty, [4]))
    expect(await waits).toBe(4)
  })
  test("a fiber that waits at another thread's channel becomes a record without losing anything", async () => {
    await using pool = await Pool.start({ workers: 2, grace: 2000 })
    const it = await pool.run(fibers.makesOn<number>(2))
    const waits = pool.run(fibers.tries(1, it))
    await pool.run(fibers.sleeps(30))
    const record = await waits.record()
    const other = pool.run(fibers.tries(1, it))
    await pool.run(fibers.sendsAll(2, it, [1]))
    expect(await other).toBe(1)
    const again = pool.resume(record)
    await pool.run(fibers.sendsAll(2, it, [2]))
    expect(await again).toBe(2)
    await using another = await Pool.start({ workers: 1 })
    expect(await another.run(fibers.tries(1, it))).toBe("ROVE_UNKNOWN_OBJECT")
  })
})
