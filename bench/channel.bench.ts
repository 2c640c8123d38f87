/** Measures the hand-over of a value between two fibers of one thread, and a crowd that waits for channels. */
import { Effect, Fiber, Queue } from "effect"
import { channel, LocalHost } from "rove"
import { compare, measure } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { arrivals, wakings } from "./programs/arrivals.ts"
import { crowd, handsOver, wakes } from "./programs/channel.ts"

const VALUES = 10_000
const SUM = (VALUES * (VALUES - 1)) / 2

const subject = "channel"

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const through = (run: (capacity: number) => Promise<number>, capacity: number) => async (times: number) => {
    for (let left = times; left > 0; left--) if ((await run(capacity)) !== SUM) throw new Error("a wrong result")
  }
  const local = through(capacity => new LocalHost().run(handsOver(VALUES, capacity)), 0)
  const peer = through(capacity => Effect.runPromise(effect(capacity)), 0)
  const each = await compare(local, peer, { quick })
  const alone = await measure(local, { quick })
  const buffered = await measure(
    through(capacity => new LocalHost().run(handsOver(VALUES, capacity)), 100),
    { quick },
  )
  const micros = (nanoseconds: number): number => nanoseconds / VALUES / 1000
  return [
    row({ subject, case: "hand-over, rendezvous", value: micros(alone), unit: "µs", bar: 0.5, aim: 0.25 }),
    row({
      subject,
      case: "the same",
      value: micros(each.own),
      unit: "µs",
      against: { peer: "a queue of Effect: times faster", value: micros(each.peer), ratio: each.faster },
      bar: 5,
      aim: 10,
    }),
    row({ subject, case: "hand-over, buffer of 100", value: micros(buffered), unit: "µs", bar: 0.5, aim: 0.25 }),
    ...(await parked(quick ? 50_000 : 1_000_000)),
  ]
}

/** Effect has no rendezvous: a queue that holds one is the nearest. */
const effect = (capacity: number): Effect.Effect<number> =>
  Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(Math.max(1, capacity))
    const sender = yield* Effect.forkChild(
      Effect.gen(function* () {
        for (let i = 0; i < VALUES; i++) yield* Queue.offer(queue, i)
      }),
    )
    let sum = 0
    for (let i = 0; i < VALUES; i++) sum += yield* Queue.take(queue)
    yield* Fiber.join(sender)
    return sum
  })

/** So many fibers wait at a thousand channels, and are all woken. */
async function parked(count: number): Promise<readonly Row[]> {
  const channels = Array.from({ length: 1000 }, () => channel<number>())
  const host = new LocalHost()
  await all(1, host.run(crowd(1, channels)))
  await host.run(wakes(1, channels))
  const empty = await heap()
  await all(count, host.run(crowd(count, channels)))
  const each = ((await heap()) - empty) / count
  const heard = wakings(count)
  const started = performance.now()
  await host.run(wakes(count, channels))
  await heard
  const woken = ((performance.now() - started) / count) * 1000
  return [
    row({ subject, case: "memory of a fiber that is parked on a channel", value: each, unit: "B", bar: 400, aim: 250 }),
    row({ subject, case: "to send to one, which runs to its end", value: woken, unit: "µs" }),
  ]
}

async function all(count: number, spawned: Promise<void>): Promise<void> {
  const there = arrivals(count)
  await spawned
  await there
}

/** Bytes in use when everything that nobody refers to is gone. */
async function heap(): Promise<number> {
  await new Promise(resolve => setImmediate(resolve))
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
