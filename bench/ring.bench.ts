/** Measures fibers in a ring that pass a token on through channels, beside Effect's, native generators and promises. */
import { Effect, Fiber, Queue } from "effect"
import { LocalHost } from "rove"
import { compare } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { ring } from "./programs/channel.ts"

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const fibers = quick ? 100 : 1000
  const rounds = quick ? 100 : 1000
  const passes = fibers * rounds
  const checked = (run: () => number | Promise<number>) => async (times: number) => {
    for (let left = times; left > 0; left--) if ((await run()) !== passes) throw new Error("a wrong result")
  }
  const own = checked(() => new LocalHost().run(ring(fibers, rounds)))
  const peers = {
    "Effect fibers and queues": checked(() => Effect.runPromise(effectRing(fibers, rounds))),
    promises: checked(() => promiseRing(fibers, rounds)),
    "native generators, by a loop of their own": checked(() => nativeRing(fibers, rounds)),
  }
  const effort = { quick, repetitions: 3, milliseconds: 1 }
  const rows: Row[] = []
  for (const [name, peer] of Object.entries(peers)) {
    const { own: mine, peer: theirs, faster } = await compare(own, peer, effort)
    const against = { peer: `${name}: times faster`, value: theirs / passes, ratio: faster }
    const judged = name.startsWith("Effect") ? { bar: 5, aim: 10 } : {}
    rows.push(
      row({ subject: "ring", case: "passing a token on", value: mine / passes, unit: "ns", against, ...judged }),
    )
  }
  return rows
}

const effectRing = (fibers: number, rounds: number): Effect.Effect<number> =>
  Effect.gen(function* () {
    const queues: Queue.Queue<number>[] = []
    for (let i = 0; i < fibers; i++) queues.push(yield* Queue.bounded<number>(1))
    const passing = (at: number) =>
      Effect.gen(function* () {
        for (let i = 0; i < rounds; i++) yield* Queue.offer(queues[at]!, (yield* Queue.take(queues[at - 1]!)) + 1)
      })
    const running: Fiber.Fiber<void>[] = []
    for (let i = 1; i < fibers; i++) running.push(yield* Effect.forkChild(passing(i)))
    let token = 0
    for (let i = 0; i < rounds; i++) {
      yield* Queue.offer(queues[0]!, token)
      token = (yield* Queue.take(queues[fibers - 1]!)) + 1
    }
    for (const fiber of running) yield* Fiber.join(fiber)
    return token
  })

/** A channel that holds one value, or one who waits for it. */
class Slot {
  #value: number | null = null
  #taker: ((value: number) => void) | null = null
  put(value: number): void {
    if (this.#taker === null) this.#value = value
    else {
      this.#taker(value)
      this.#taker = null
    }
  }
  take(): Promise<number> {
    const value = this.#value
    this.#value = null
    if (value !== null) return Promise.resolve(value)
    return new Promise(resolve => {
      this.#taker = resolve
    })
  }
}

async function promiseRing(fibers: number, rounds: number): Promise<number> {
  const slots = Array.from({ length: fibers }, () => new Slot())
  const passing = async (at: number): Promise<void> => {
    for (let i = 0; i < rounds; i++) slots[at]!.put((await slots[at - 1]!.take()) + 1)
  }
  const running = Array.from({ length: fibers - 1 }, (_, i) => passing(i + 1))
  let token = 0
  for (let i = 0; i < rounds; i++) {
    slots[0]!.put(token)
    token = (await slots[fibers - 1]!.take()) + 1
  }
  await Promise.all(running)
  return token
}

function* passer(): Generator<number, void, number> {
  let token = yield 0
  for (;;) token = yield token + 1
}
/** Who is next is known, and nobody waits: no channel, no scheduler. */
function nativeRing(fibers: number, rounds: number): number {
  const all = Array.from({ length: fibers - 1 }, () => passer())
  for (const one of all) one.next()
  let token = 0
  for (let i = 0; i < rounds; i++) {
    for (const one of all) token = one.next(token).value as number
    token++
  }
  return token
}
