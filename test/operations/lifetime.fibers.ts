"use fibers"
/** What `lifetime.test.ts` runs on the threads of a pool. */
import {
  all,
  allSettled,
  any,
  currentThread,
  deadline,
  defer,
  detach,
  type Fiber,
  FiberInterrupted,
  forEach,
  map,
  migrateTo,
  now,
  onExit,
  type Resumable,
  race,
  reduce,
  retry,
  scope,
  sleep,
  spawn,
  TimeoutError,
  timeLeft,
  timeout,
  uninterruptible,
} from "rove"
import { tiedTo } from "./tied.fibers.ts"

/** What happened, seen by all threads: counters by name. */
export const COUNTERS = ["began", "ended", "interrupted", "cleaned", "heard"] as const
export type Counter = (typeof COUNTERS)[number]
export class Counts {
  readonly cells: Int32Array
  constructor(cells: Int32Array) {
    this.cells = cells
  }
  add(name: Counter): void {
    Atomics.add(this.cells, COUNTERS.indexOf(name), 1)
  }
  get(name: Counter): number {
    return Atomics.load(this.cells, COUNTERS.indexOf(name))
  }
}

/** Goes to a thread, and computes or sleeps there; says how it ended. */
function* worker(counts: Counts, thread: number, ms: number, fails = false): Resumable<number> {
  counts.add("began")
  try {
    yield* migrateTo(thread)
    yield* sleep(ms)
    if (fails) throw new RangeError(`on thread ${currentThread().id}`)
    return currentThread().id
  } catch (error) {
    if (error instanceof FiberInterrupted) counts.add("interrupted")
    throw error
  } finally {
    counts.add("ended")
  }
}

/** Children on all threads, while the body moves among them. */
export function* scattered(counts: Counts, threads: number[]): Resumable<string> {
  const sum = yield* scope(function* () {
    for (const thread of threads) yield* spawn(worker(counts, thread, 20))
    for (const thread of threads) yield* migrateTo(thread)
    return threads.length
  })
  return `${sum} ${counts.get("ended")}`
}
/** One child fails, far from the fiber, which has moved since it spawned it. */
export function* failsFar(counts: Counts, threads: number[]): Resumable<string> {
  try {
    yield* scope(function* () {
      for (const thread of threads) yield* spawn(worker(counts, thread, 60_000))
      yield* spawn(worker(counts, threads[1] as number, 60, true))
      yield* migrateTo(threads[0] as number)
      yield* sleep(1)
      yield* migrateTo(threads[2] as number)
      for (;;) yield* sleep(1)
    })
  } catch (error) {
    return `${error}`
  }
  return "nothing was thrown"
}
/** A fiber whose body has ended waits for its children, wherever these are. */
export function* outlived(counts: Counts, threads: number[], ms: number): Resumable<string> {
  yield* defer(cleanup(counts, threads[1] as number))
  for (const thread of threads) yield* spawn(worker(counts, thread, ms))
  yield* migrateTo(threads[2] as number)
  return "body"
}
function* cleanup(counts: Counts, thread: number): Resumable<void> {
  yield* sleep(1)
  yield* migrateTo(thread)
  counts.add("cleaned")
}
export function* hears(counts: Counts, threads: number[]): Resumable<void> {
  yield* scope(function* () {
    yield* onExit(function* (outcome) {
      yield* migrateTo(threads[1] as number)
      if (outcome.kind === "interrupted") counts.add("heard")
    })
    yield* defer(cleanup(counts, threads[0] as number))
    yield* spawn(worker(counts, threads[2] as number, 60_000))
    yield* migrateTo(threads[0] as number)
    yield* sleep(60_000)
  })
}
export function* joinsAfter(fiber: Fiber<string>): Resumable<string> {
  return yield* fiber.join()
}
export function* strays(counts: Counts, threads: number[]): Resumable<number> {
  yield* detach(worker(counts, threads[1] as number, 100))
  return counts.get("ended")
}

export function* together(counts: Counts, threads: number[], ms: number): Resumable<unknown> {
  const [a, b, c] = threads as [number, number, number]
  const both = yield* all({
    a: worker(counts, a, ms),
    b: worker(counts, b, ms),
    nap: sleep(1),
    c: worker(counts, c, 1),
  })
  const ended = yield* allSettled([worker(counts, a, 1), worker(counts, b, 1, true)])
  const first = yield* race([worker(counts, a, 60_000), worker(counts, b, 5)])
  const one = yield* any([worker(counts, a, 1, true), worker(counts, c, 5)])
  return [both, ended.map(({ status }) => status), first, one, counts.get("began") === counts.get("ended")]
}
export function* firstError(counts: Counts, threads: number[]): Resumable<string> {
  const [a, b, c] = threads as [number, number, number]
  try {
    yield* all([worker(counts, a, 60_000), worker(counts, b, 30, true), worker(counts, c, 60_000)])
  } catch (error) {
    return `${error} ${counts.get("ended")}`
  }
  return "nothing was thrown"
}
/** Waits in an `all` for as long as it takes. */
export function* waitsForAll(ms: number): Resumable<string[]> {
  const results = yield* all([says("a", ms), says("b", ms * 2), sleep(ms)])
  return [results[0], results[1]]
}
export function* waitsInScope(ms: number): Resumable<string> {
  return yield* scope(function* () {
    yield* spawn(says("child", ms * 2))
    yield* timeout(60_000, sleep(ms))
    return "scope"
  })
}
export function* waitsAtItsEnd(ms: number): Resumable<string> {
  yield* spawn(says("child", ms))
  yield* spawn(says("child", ms))
  return "end"
}
export function* waitsWithin(ms: number): Resumable<string> {
  try {
    yield* timeout(ms, sleep(60_000))
  } catch (error) {
    return error instanceof TimeoutError ? `${error.message}` : `${error}`
  }
  return "nothing was thrown"
}
function* says(what: string, ms: number): Resumable<string> {
  yield* sleep(ms)
  return what
}

export function* halves(n: number): Resumable<number> {
  const squares = yield* map(numbers(n), square, { concurrency: 7 })
  let count = 0
  yield* forEach(squares, isNumber)
  count = squares.length
  return (yield* reduce(squares, add, { grain: 8 })) + count
}
function* isNumber(value: number): Resumable<void> {
  if (typeof value !== "number") throw new TypeError("no number")
}
function numbers(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}
function* square(x: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < 20_000; i++) sum += (i * x) & 1
  return x * x + (sum & 0)
}
function* add(a: number, b: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < 20_000; i++) sum += i & 1
  return a + b + (sum & 0)
}

export function* movesInTime(threads: number[]): Resumable<unknown> {
  for (const thread of threads) yield* migrateTo(thread) // its modules are everywhere now
  const began = now()
  const results: unknown[] = []
  try {
    // busy machines take their time for the ways
    yield* deadline(now() + 1500, function* () {
      for (const thread of threads) yield* migrateTo(thread)
      const child = yield* spawn(leftOf(threads[1] as number))
      results.push((yield* child.join()) <= 1500, timeLeft() <= 1500)
      for (const thread of threads) yield* migrateTo(thread)
      yield* sleep(60_000)
    })
  } catch (error) {
    results.push(error instanceof TimeoutError, now() - began >= 1499, timeLeft())
  }
  return results
}
function* leftOf(thread: number): Resumable<number> {
  yield* migrateTo(thread)
  return timeLeft()
}
/** It stays in the stretch until somebody has counted "heard": the interrupt is sent meanwhile. */
export function* keptWhileItMoves(counts: Counts, threads: number[]): Resumable<string> {
  let log = ""
  try {
    yield* uninterruptible(function* (restore) {
      for (const thread of threads) {
        yield* migrateTo(thread)
        counts.add("began")
        do yield* sleep(20)
        while (counts.get("heard") === 0)
        log += "k"
      }
      try {
        yield* restore(sleep(60_000))
      } finally {
        yield* migrateTo(threads[0] as number)
        log += "f"
      }
    })
  } catch (error) {
    return `${log} ${error instanceof FiberInterrupted}`
  }
  return `${log} nothing was thrown`
}
export function* triesElsewhere(threads: number[]): Resumable<string> {
  return yield* retry(
    function* (attempt) {
      yield* migrateTo(threads[attempt % threads.length] as number)
      if (attempt < 4) throw new Error("again")
      return `attempt ${attempt}`
    },
    { delay: 1 },
  )
}

/** One child ends its thread. */
export function* losesChild(counts: Counts, threads: number[]): Resumable<string> {
  try {
    yield* scope(function* () {
      yield* spawn(settles(counts, threads[0] as number))
      yield* spawn(exits(counts, threads[1] as number))
      yield* sleep(60_000)
    })
  } catch (error) {
    return `${(error as { code?: string }).code} ${counts.get("ended")}`
  }
  return "nothing was thrown"
}
/** Has begun when it is where it stays. */
function* settles(counts: Counts, thread: number): Resumable<void> {
  yield* migrateTo(thread)
  try {
    counts.add("began")
    yield* sleep(60_000)
  } finally {
    counts.add("ended")
  }
}
/** Waits for the other child: one that had not begun would never begin, and one on its way may be on the thread that dies. */
function* exits(counts: Counts, thread: number): Resumable<void> {
  while (counts.get("began") === 0) yield* sleep(1)
  yield* migrateTo(thread)
  process.exit(3)
}

/** Three children are tied to the thread that one of them ends. */
export function* losesChildren(counts: Counts, threads: number[]): Resumable<string> {
  const [here, there] = threads as [number, number]
  using _ = yield* tiedTo(here)
  try {
    yield* scope(function* () {
      for (let i = 0; i < 3; i++) yield* spawn(dies(counts, there))
      yield* sleep(60_000)
    })
  } catch (error) {
    const { code, thread } = error as { code?: string; thread?: number }
    return `${code} ${thread}`
  }
  return "nothing was thrown"
}
/** The last one that is there ends it. */
function* dies(counts: Counts, thread: number): Resumable<void> {
  using _ = yield* tiedTo(thread)
  counts.add("began")
  if (counts.get("began") === 3) process.exit(3)
  yield* sleep(60_000)
}

/** A tree of scopes, whose leaves are stolen; each third one fails, and is caught by the scope above. */
export function* forest(depth: number, path: number): Resumable<number> {
  if (depth === 0) {
    let sum = 0
    for (let i = 0; i < 3000; i++) sum += i & 1
    if (path % 3 === 0) throw new RangeError(`${path}`)
    return sum > 0 ? 1 : 0
  }
  try {
    return yield* scope(function* () {
      const left = yield* spawn(forest(depth - 1, path * 2))
      const right = yield* spawn(forest(depth - 1, path * 2 + 1))
      return (yield* left.join()) + (yield* right.join())
    })
  } catch (error) {
    return error instanceof RangeError ? -1000 : -1_000_000
  }
}

/** Waits in each way that there is for a fiber that it knows by its handle alone. */
export function* waitsForHandles(there: Fiber<number>, fails: Fiber<number>): Resumable<unknown> {
  const later = yield* spawn(sleepsAs(7))
  const named = yield* all({ there, later })
  const settled = yield* allSettled([there, fails])
  const first = [yield* race([there, sleep(60_000)]), yield* any([fails, there])]
  return { named, settled: settled.map(({ status }) => status), first }
}
export function* sleepsAs(number: number, fails = false): Resumable<number> {
  yield* sleep(30)
  if (fails) throw new RangeError("it fails")
  return number
}
/** The handles are those of another thread's children. */
export function* handsOut(threads: number[]): Resumable<unknown> {
  yield* migrateTo(threads[0] as number)
  const there = yield* detach(sleepsAs(5))
  const fails = yield* detach(sleepsAs(6, true))
  const waiting = yield* spawn(waitsElsewhere(there, fails, threads[1] as number))
  return yield* waiting.join()
}
function* waitsElsewhere(there: Fiber<number>, fails: Fiber<number>, thread: number): Resumable<unknown> {
  yield* migrateTo(thread)
  return yield* waitsForHandles(there, fails)
}
