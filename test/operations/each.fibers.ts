"use fibers"
/** What `each.test.ts` runs. */
import { each, type Fiber, noBlock, type Resumable, sleep, spawn, timeout } from "rove"

const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const nameOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}

/** Counts from 0, says in `log` what happens to it, and takes its time to close. */
async function* counts(log: unknown[], failsAt = -1, closing?: () => Promise<never>): AsyncGenerator<number> {
  try {
    for (let i = 0; ; i++) {
      await later(1)
      if (i === failsAt) throw new RangeError(`no ${i}`)
      log.push(`asked for ${i}`)
      yield i
    }
  } finally {
    await later(2)
    log.push("closed")
    await closing?.()
  }
}

/** Each item is asked for when the loop wants it, and others run meanwhile. */
export function* takes(): Resumable<unknown[]> {
  const log: unknown[] = []
  const other: Fiber<number> = yield* spawn(ticks())
  for (const n of each(counts(log))) {
    log.push(n)
    yield* sleep(2)
    if (n === 2) break
  }
  log.push("left")
  return [...log, (yield* other.join()) > 2]
}
function* ticks(): Resumable<number> {
  let n = 0
  for (; n < 4; n++) yield* sleep(1)
  return n
}

const refuses = () => Promise.reject(new Error("did not close"))

/** All ways out of a loop: the source is closed before the fiber goes on. */
export function* waysOut(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const ways: ((log: unknown[]) => Resumable<unknown>)[] = [breaks, returns, throws, fails, failsToClose, both, ends]
  for (const way of ways) {
    const log: unknown[] = []
    try {
      log.push(yield* way(log))
    } catch (error) {
      log.push(nameOf(error))
    }
    seen.push(log.filter(entry => !String(entry).startsWith("asked")))
  }
  return seen
}
function* breaks(log: unknown[]): Resumable<string> {
  for (const n of each(counts(log))) if (n === 1) break
  return "broke"
}
function* returns(log: unknown[]): Resumable<string> {
  for (const n of each(counts(log))) if (n === 1) return "returned"
  return "never"
}
function* throws(log: unknown[]): Resumable<void> {
  for (const n of each(counts(log))) if (n === 1) throw new Error("thrown")
}
function* fails(log: unknown[]): Resumable<void> {
  for (const n of each(counts(log, 1))) log.push(n)
}
function* failsToClose(log: unknown[]): Resumable<string> {
  for (const n of each(counts(log, -1, refuses))) if (n === 0) break
  return "never"
}
function* both(log: unknown[]): Resumable<void> {
  for (const _ of each(counts(log, -1, refuses))) throw new Error("thrown first")
}
function* ends(log: unknown[]): Resumable<string> {
  for (const n of each(few())) log.push(n)
  return "ended"
}
async function* few(): AsyncGenerator<number> {
  yield 1
  yield 2
}

/** Iterators by hand: without return, with results that are none, with next that throws. */
export function* odd(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const calls: string[] = []
  const odds: Record<string, AsyncIterator<number>> = {
    bare: { next: async () => ({ done: false, value: 1 }) },
    number: {
      next: async () => 5 as never,
      return: async () => {
        calls.push("return of a source that is over")
        return { done: true, value: undefined }
      },
    },
    throwing: {
      next: () => {
        throw new Error("at once")
      },
    },
    badReturn: { next: async () => ({ done: false, value: 1 }), return: async () => 5 as never },
  }
  for (const [name, iterator] of Object.entries(odds))
    try {
      for (const n of each({ [Symbol.asyncIterator]: () => iterator })) {
        seen.push(`${name}: ${n}`)
        break
      }
    } catch (error) {
      seen.push(`${name}: ${nameOf(error)}`)
    }
  for (const wrong of [[1, 2], 5, null, () => 5])
    try {
      for (const n of each(wrong as never)) seen.push(n)
    } catch (error) {
      seen.push(nameOf(error))
    }
  try {
    each(few(), { grace: -1 })
  } catch (error) {
    seen.push(nameOf(error))
  }
  return [...seen, ...calls]
}

/** Interrupted while an item is on its way: the source closes first, as long as it does so in time. */
export function* interrupted(): Resumable<unknown[]> {
  const seen: unknown[] = []
  for (const way of [told, slow, never]) {
    const log: unknown[] = []
    const begin = performance.now()
    try {
      yield* timeout(150, way(log))
    } catch (error) {
      log.push(nameOf(error))
    }
    seen.push([...log, performance.now() - begin < 1000])
  }
  return seen
}
function* told(log: unknown[]): Resumable<void> {
  for (const _ of each(signal => untilTold(signal, log))) log.push("came")
}
async function* untilTold(signal: AbortSignal, log: unknown[]): AsyncGenerator<number> {
  try {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
    yield 1
  } catch (error) {
    log.push((error as Error).name)
  } finally {
    await later(2)
    log.push("closed")
  }
}
function* slow(log: unknown[]): Resumable<void> {
  for (const _ of each(after(300, log))) log.push("came")
}
async function* after(ms: number, log: unknown[]): AsyncGenerator<number> {
  try {
    await later(ms)
    yield 1
  } finally {
    log.push("closed")
  }
}
function* never(log: unknown[]): Resumable<void> {
  for (const _ of each(stuck(log), { grace: 30 })) log.push("came")
}
async function* stuck(log: unknown[]): AsyncGenerator<number> {
  try {
    await new Promise(() => {})
    yield 1
  } finally {
    log.push("never closed")
  }
}

/** In a region that waits for nobody, a loop that is left tells its source all the same. */
export function* inRegion(): Resumable<unknown[]> {
  const log: unknown[] = []
  try {
    yield* noBlock(function* () {
      for (const n of each(counts(log))) log.push(n)
    })
  } catch (error) {
    log.push(nameOf(error))
  }
  const iteration = each(counts(log))
  log.push(iteration.next === undefined)
  return log
}

/** Waits for an item, or stands in the loop's body, for ever. */
export function* holds(inside: boolean): Resumable<void> {
  for (const _ of each(inside ? few() : stuck([]))) yield* sleep(60_000)
}
