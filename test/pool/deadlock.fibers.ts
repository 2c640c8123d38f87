"use fibers"
/** What `deadlock.test.ts` runs. */
import { type Channel, channel, currentThread, type Fiber, type Resumable, sleep, spawn, wait } from "@rove/fibers"

function* taker(from: Channel<number>): Resumable<number> {
  return yield* from.receive()
}

/** On each of these threads somebody waits for a value, and the first of them for the others. */
export function* stuck(threads: number[]): Resumable<number> {
  const nobody = channel<number>()
  const takers: Fiber<number>[] = []
  for (const prefer of threads) takers.push(yield* spawn(taker(nobody), { prefer }))
  let sum = 0
  for (const each of takers) sum += yield* each.join()
  return sum
}
/** The same, but after a while somebody sends. */
export function* late(threads: number[], ms: number): Resumable<number> {
  const somebody = channel<number>()
  const takers: Fiber<number>[] = []
  for (const prefer of threads) takers.push(yield* spawn(taker(somebody), { prefer }))
  yield* sleep(ms)
  for (const one of threads) yield* somebody.send(one)
  let sum = 0
  for (const each of takers) sum += yield* each.join()
  return sum
}
/** Waits for ordinary code. */
export function* asks(ms: number): Resumable<number> {
  return yield* wait(() => new Promise<number>(resolve => setTimeout(() => resolve(currentThread().id), ms)))
}
