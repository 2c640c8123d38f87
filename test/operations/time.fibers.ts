"use fibers"
/** What `time.test.ts` runs: ticks, moments, and loops over generators that wait. */
import { interval, migrateTo, now, type Resumable, sleep, sleepUntil, timeout } from "rove"

/** Ticks seen on the threads in turn, and how late each was at most. */
export function* ticks(ms: number, count: number, threads: readonly number[]): Resumable<[number[], number]> {
  for (const thread of threads) yield* migrateTo(thread)
  const start = now()
  const seen: number[] = []
  let early = Number.POSITIVE_INFINITY
  for (const tick of interval(ms)) {
    early = Math.min(early, now() - start - tick * ms)
    seen.push(tick)
    if (threads.length > 0) yield* migrateTo(threads[tick % threads.length] as number)
    if (seen.length === count) break
  }
  return [seen, early]
}
/** The body takes longer than an interval, by so much, at the tick that is named. */
export function* missed(ms: number, at: number, longer: number): Resumable<number[]> {
  const seen: number[] = []
  for (const tick of interval(ms)) {
    seen.push(tick)
    if (tick === at) yield* sleep(longer)
    if (tick > at) break
  }
  return seen
}
export function* until(at: number): Resumable<boolean> {
  yield* sleepUntil(at)
  return now() >= at
}
export function* limited(ms: number): Resumable<string> {
  let seen = 0
  try {
    yield* timeout(
      ms * 3.5,
      everyTick(ms, () => seen++),
    )
  } catch (error) {
    return `${(error as Error).name} after ${seen > 0 && seen < 4}`
  }
  return "it ended"
}
function* everyTick(ms: number, tell: () => void): Resumable<void> {
  for (const _ of interval(ms)) tell()
}

/** A generator that waits, goes elsewhere, and cleans up in a way that waits too. */
function* pages(threads: readonly number[], log: string[]): Resumable<string, number> {
  try {
    for (let n = 1; n < 100; n++) {
      yield* sleep(2)
      if (threads.length > 0) yield* migrateTo(threads[n % threads.length] as number)
      yield n
    }
    return "all"
  } finally {
    yield* sleep(2)
    log.push("closed")
  }
}
export function* reads(threads: readonly number[], how: "break" | "throw" | "end"): Resumable<string[]> {
  const log: string[] = []
  try {
    for (const page of pages(threads, log)) {
      yield* sleep(1)
      if (page <= 3) log.push(`page ${page}`)
      if (page === 3 && how === "break") break
      if (page === 3 && how === "throw") throw new Error("enough")
    }
  } catch (error) {
    log.push(`${error}`)
  }
  log.push("behind")
  return log
}
