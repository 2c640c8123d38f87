"use fibers"
/** What `channel.bench.ts` and `ring.bench.ts` measure: fibers that hand each other numbers through channels. */
import { type Channel, channel, detach, type Resumable, spawn } from "rove"
import { arrived, woken } from "./arrivals.ts"

function* counts(to: Channel<number>, count: number): Resumable<void> {
  for (let i = 0; i < count; i++) yield* to.send(i)
}
/** One sends so many numbers, another adds them up. */
export function* handsOver(count: number, capacity: number): Resumable<number> {
  const it = channel<number>({ capacity })
  yield* spawn(counts(it, count))
  let sum = 0
  for (let i = 0; i < count; i++) sum += yield* it.receive()
  return sum
}

function* passes(from: Channel<number>, to: Channel<number>, rounds: number): Resumable<void> {
  for (let i = 0; i < rounds; i++) yield* to.send((yield* from.receive()) + 1)
}
/** So many fibers stand in a ring and pass a token on, so often each. */
export function* ring(fibers: number, rounds: number): Resumable<number> {
  const first = channel<number>()
  let from = first
  for (let i = 1; i < fibers; i++) {
    const to = channel<number>()
    yield* spawn(passes(from, to, rounds))
    from = to
  }
  let token = 0
  for (let i = 0; i < rounds; i++) {
    yield* first.send(token)
    token = (yield* from.receive()) + 1
  }
  return token
}

function* waits(from: Channel<number>): Resumable<void> {
  arrived()
  woken(yield* from.receive())
}
/** So many fibers wait, each for one of so many channels. */
export function* crowd(fibers: number, channels: readonly Channel<number>[]): Resumable<void> {
  for (let i = 0; i < fibers; i++) yield* detach(waits(channels[i % channels.length]!))
}
/** Sends each of them what it waits for. */
export function* wakes(fibers: number, channels: readonly Channel<number>[]): Resumable<void> {
  for (let i = 0; i < fibers; i++) yield* channels[i % channels.length]!.send(1)
}
