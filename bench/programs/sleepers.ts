"use fibers"
/** What `sleepers.bench.ts` measures: fibers that sleep, all of them interrupted in the end, and what memory they take. */
import { type Fiber, type Resumable, sleep, spawn, wait } from "rove"
import { arrivals, arrived } from "./arrivals.ts"

export interface Sleepers {
  /** Bytes of the thread's heap per fiber, while all sleep, and what is left of them when all have ended. */
  readonly bytes: number
  readonly left: number
  /** Microseconds per fiber: until all sleep; until all that were interrupted have ended. */
  readonly fallAsleep: number
  readonly interrupt: number
  /** How many ended, and how many of these by a turn of their own. */
  readonly ended: number
}

/** Minutes, each fiber another time. */
const LONG = 600_000

function* sleeper(n: number): Resumable<number> {
  arrived()
  yield* sleep(LONG + (n % 1000))
  return n
}

/** As many as that on one thread, twice: the first time the engine learns. */
export function* sleepers(count: number): Resumable<Sleepers> {
  yield* night(Math.min(count, 20_000))
  return yield* night(count)
}

function* night(count: number): Resumable<Sleepers> {
  const empty = yield* wait(heap)
  const started = performance.now()
  const all = arrivals(count)
  let fibers: Fiber<number>[] = []
  for (let i = 0; i < count; i++) fibers.push(yield* spawn(sleeper(i)))
  yield* wait(all)
  const asleep = performance.now()
  const full = yield* wait(heap)
  const again = performance.now()
  for (const fiber of fibers) yield* fiber.interrupt("good morning")
  let ended = 0
  for (const fiber of fibers) {
    try {
      yield* fiber.join()
    } catch {
      ended++
    }
  }
  const over = performance.now()
  fibers = []
  const left = (yield* wait(heap)) - empty
  return {
    bytes: (full - empty) / count,
    left: left / count,
    fallAsleep: ((asleep - started) * 1000) / count,
    interrupt: ((over - again) * 1000) / count,
    ended,
  }
}

/** Bytes in use when everything that nobody refers to is gone. */
async function heap(): Promise<number> {
  for (let i = 0; i < 2; i++) {
    await new Promise(resolve => setImmediate(resolve))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}
