/** Select: the first of several waits, one effect alone, on one thread and across real ones. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import {
  barrier,
  type Channel,
  channel,
  LocalHost,
  latch,
  select,
  sleep,
  timeout,
  VirtualClock,
  wait,
} from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { closes, holds, makesOn, receivesAll, sendsAll, sendsCounted } from "./channel.fibers.ts"
import * as fibers from "./select.fibers.ts"

const local = () => new LocalHost({ clock: new VirtualClock() })
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

describe("on one thread", () => {
  test("the first that can be had is, with its key; the others have not happened", async () => {
    expect(await local().run(fibers.times())).toEqual([
      { key: "tick", value: undefined },
      { key: "msg", value: 1 },
      { key: "default", value: "nothing" },
      { key: "room", value: undefined },
      { key: "msg", value: 2 },
      "ROVE_TIMEOUT",
      0,
      0,
      { key: "child", value: 4 },
    ])
  })
  test("two that choose meet in a channel, and nobody meets itself", async () => {
    expect((await local().run(fibers.meets())).toSorted()).toEqual(["receive", "send"])
  })
  test("an error of a branch is thrown", async () => {
    expect(await local().run(fibers.closedOne())).toBe("ROVE_CHANNEL_CLOSED")
  })
  test("what cannot be chosen is refused when the select is made", () => {
    expect(() => select({ no: 5 } as never)).toThrow("select: no is no operation")
    expect(() => select({})).toThrow("takes an object with operations")
    expect(() => select({ tick: sleep(1) }, { timeout: -1 })).toThrow("timeout is a number")
    expect(() => select({ work: wait(async () => 1) })).toThrow("would begin work that is not undone")
    for (const atOnce of [channel().close(), channel().balance(), latch(1).countDown(), timeout(1, sleep(2))])
      expect(() => select({ tick: sleep(1), atOnce })).toThrow("select: atOnce takes effect as soon as it is performed")
    expect(() => select({ gate: latch(1).wait(), door: barrier(2).arrive() })).not.toThrow()
  })
  test("messages can be chosen by what they are; what nobody wants stays in its order", async () => {
    expect(await local().run(fibers.receivesInSelect())).toEqual([
      { key: "default", value: "none" },
      { key: "number", value: 1 },
      { key: "tick", value: undefined },
      { key: "text", value: { text: "later" } },
      { key: "number", value: 2 },
      "ROVE_TIMEOUT",
      "unwanted",
      "nor this",
    ])
  })
  test("a test of the program that throws is the select's error, and the message stays", async () => {
    const thrown = "RangeError: in the test"
    expect(await local().run(fibers.testThrows())).toEqual([thrown, thrown, 1, thrown, thrown, "nor this"])
  })
  test("a promise can be chosen, and is left alone when something else is", async () => {
    expect(await local().run(fibers.choosesPromises())).toEqual([
      ...["tick", "tick", "tick"],
      { key: "promise", value: "settled" },
      "default",
      "RangeError: rejected",
      "RangeError: aborted",
      "tick",
    ])
  })
  test("what is not chosen, ten thousand times, leaves nothing behind: no listener at a promise that lives on", async () => {
    setFlagsFromString("--expose-gc")
    const gc = runInNewContext("gc") as () => void
    const host = local()
    await host.run(fibers.losesOften(1000))
    gc()
    const before = process.memoryUsage().heapUsed
    expect(await host.run(fibers.losesOften(10_000))).toBe(10_000)
    gc()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(500_000)
  })
})

describe("between threads", { timeout: 15_000 }, () => {
  let pool: Pool
  beforeAll(async () => {
    pool = await Pool.start({ workers: 2, grace: 2000 })
  })
  afterAll(() => pool.close())
  const channels = (homes: readonly number[], options: { capacity?: number } = {}): Promise<Channel<number>[]> =>
    Promise.all(homes.map(home => pool.run(makesOn<number>(home, options))))

  test.each([
    [1, 1, 2],
    [1, 2, 1],
    [2, 2, 1],
  ])("two streams, homes %i and %i, merge on thread %i: each value once, each stream in order", async (a, b, on) => {
    const [one, two] = (await channels([a, b])) as [Channel<number>, Channel<number>]
    const merged = pool.run(fibers.merges(on, one, two, 200))
    await Promise.all([
      pool.run(sendsAll(1, one, upTo(100))),
      pool.run(
        sendsAll(
          2,
          two,
          upTo(100).map(n => 100 + n),
        ),
      ),
    ])
    const got = await merged
    expect(got.filter(n => n < 100)).toEqual(upTo(100))
    expect(got.filter(n => n >= 100)).toEqual(upTo(100).map(n => 100 + n))
  })
  test("those who choose where to send meet those who choose where to receive, on all threads at once", async () => {
    const [one, two] = (await channels([1, 2])) as [Channel<number>, Channel<number>]
    const merged = upTo(4).map(i => pool.run(fibers.merges(1 + (i % 2), one, two, 50)))
    const split = upTo(4).map(i => pool.run(fibers.splits(1 + (i >> 1), one, two, i * 50, 50)))
    const got = (await Promise.all(merged)).flat()
    expect(got.toSorted((a, b) => a - b)).toEqual(upTo(200))
    const sent = (await Promise.all(split)).flat().reduce((sum, n) => sum + n)
    expect(sent).toBe(200)
  })
  test("with a default it looks at another thread's channel and goes on", async () => {
    const [it] = (await channels([1], { capacity: 1 })) as [Channel<number>]
    expect(await pool.run(fibers.looks(2, it))).toEqual({ key: "default", value: "nothing" })
    await pool.run(sendsAll(1, it, [5]))
    expect(await pool.run(fibers.looks(2, it))).toEqual({ key: "msg", value: 5 })
  })
  test("one that chooses and is interrupted again and again loses nothing and doubles nothing", async () => {
    const [one, two] = (await channels([1, 2])) as [Channel<number>, Channel<number>]
    const count = 20_000
    const kept = new SharedArrayBuffer(4 * count)
    const sent = [new SharedArrayBuffer(4), new SharedArrayBuffer(4)] as const
    const senders = [pool.run(sendsCounted(1, one, 1, sent[0])), pool.run(sendsCounted(2, two, count / 2, sent[1]))]
    for (let i = 0; i < 60; i++) {
      const chooser = pool.run(fibers.keeps(1 + (i % 2), one, two, kept))
      const plain = pool.run(holds(2, one, kept))
      await new Promise(resolve => setTimeout(resolve, Math.random() * 4))
      await Promise.all([chooser.interrupt("next"), plain.interrupt("next")])
      await Promise.allSettled([chooser, plain])
    }
    for (const sender of senders) await sender.interrupt("done")
    await Promise.allSettled(senders)
    const words = new Int32Array(kept)
    for (const [at, first] of [1, count / 2].entries()) {
      const last = new Int32Array(sent[at as 0 | 1])[0] as number
      expect(last).toBeGreaterThan(first + 50)
      expect([...words.slice(first, last)].every(times => times === 1)).toBe(true)
    }
    expect([...words].every(times => times <= 1)).toBe(true)
  })
  test.each([1, 2])("one that sends to and receives from a full channel does one of both (on thread %i)", async on => {
    const [it] = (await channels([1], { capacity: 1 })) as [Channel<number>]
    expect(await pool.run(fibers.sendsOrReceives(on, it))).toEqual([{ key: "receive", value: 1 }, 0])
  })
  test.each([
    [1, 1, 2],
    [2, 1, 2],
    [1, 2, 2],
    [2, 2, 1],
  ])(
    "messages from thread %i and values of a channel of thread %i come once each on %i, in order",
    async (from, home, on) => {
      const [it] = (await channels([home])) as [Channel<number>]
      const chooser = pool.run(fibers.messagesAndValues(from, on, it, 200))
      await pool.run(
        sendsAll(
          1,
          it,
          upTo(100).map(n => 1000 + n),
        ),
      )
      const got = (await chooser).map(Number)
      expect(got.filter(n => n >= 1000)).toEqual(upTo(100).map(n => 1000 + n))
      expect(got.filter(n => n < 1000 && n % 2 === 0)).toEqual(upTo(100).map(n => 2 * n))
      expect(got.filter(n => n < 1000 && n % 2 === 1)).toEqual(upTo(100).map(n => 2 * n + 1))
    },
  )
  test("closing one of them is told", async () => {
    const [one, two] = (await channels([1, 2])) as [Channel<number>, Channel<number>]
    const merged = pool.run(fibers.merges(1, one, two, 1))
    const failed = expect(merged).rejects.toMatchObject({ code: "ROVE_CHANNEL_CLOSED" })
    await pool.run(closes(1, two))
    await failed
    const received = pool.run(receivesAll(2, one, 1)) // nobody is left in the other's queue
    await pool.run(sendsAll(1, one, [3]))
    expect(await received).toEqual([3])
  })
})
