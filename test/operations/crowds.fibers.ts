"use fibers"
/** Crowds that use one object while some of them are interrupted, moved, or lost with their thread; what they did is in shared memory. */
import {
  type Channel,
  currentFiber,
  currentThread,
  Down,
  detach,
  type Fiber,
  type Guard,
  type Mutex,
  migrateTo,
  monitor,
  type ReadWriteLock,
  type Resumable,
  type Resumer,
  receive,
  type Semaphore,
  select,
  sleep,
  spawn,
  suspend,
  tell,
} from "rove"

export function* dies(thread: number): Resumable<never> {
  yield* migrateTo(thread)
  return process.exit(3)
}
function* goes(threads: readonly number[], n: number): Resumable<void> {
  try {
    yield* migrateTo(threads[n % threads.length] as number)
  } catch {
    // that thread is gone
  }
}
const codeOf = (error: unknown): string => (error as { readonly code?: string }).code ?? String(error)

/** How much of it is taken, by all who live; more than there is is marked. */
function take(words: Int32Array, amount: number, most: number): void {
  if (Atomics.add(words, 0, amount) + amount > most) Atomics.add(words, 1, 1)
}

/** Takes permits again and again; what it waits for may end by a timeout. Gives how often it had some. */
export function* permits(
  it: Semaphore,
  most: number,
  number: number,
  times: number,
  taken: SharedArrayBuffer,
  threads: readonly number[],
): Resumable<number> {
  const words = new Int32Array(taken)
  let had = 0
  for (let i = 0; i < times; i++) {
    const amount = 1 + ((number + i) % most)
    try {
      using _ = yield* it.acquire(amount, (number + i) % 3 === 0 ? { timeout: 1 + (i % 5) } : undefined)
      take(words, amount, most)
      try {
        had++
        if (i % 4 === 0) yield* goes(threads, number + i)
        else yield* sleep((number + i) % 2)
      } finally {
        Atomics.sub(words, 0, amount)
      }
    } catch (error) {
      if (codeOf(error) !== "ROVE_TIMEOUT") throw error
    }
  }
  return had
}

/** Reads and writes; a writer counts 1000, so that nobody is beside it. */
export function* readsAndWrites(
  it: ReadWriteLock,
  number: number,
  times: number,
  taken: SharedArrayBuffer,
  threads: readonly number[],
): Resumable<number> {
  const words = new Int32Array(taken)
  let had = 0
  for (let i = 0; i < times; i++) {
    const writes = (number + i) % 4 === 0
    const options = (number + i) % 5 === 0 ? { timeout: 1 + (i % 5) } : undefined
    try {
      using _ = writes ? yield* it.write(options) : yield* it.read(options)
      const before = Atomics.add(words, 0, writes ? 1000 : 1)
      if (writes ? before !== 0 : before >= 1000) Atomics.add(words, 1, 1)
      try {
        had++
        if (i % 4 === 0) yield* goes(threads, number + i)
        else yield* sleep((number + i) % 2)
      } finally {
        Atomics.sub(words, 0, writes ? 1000 : 1)
      }
    } catch (error) {
      if (codeOf(error) !== "ROVE_TIMEOUT") throw error
    }
  }
  return had
}

export interface Chances {
  readonly channels: readonly Channel<number>[]
  readonly lock: Mutex
  /** By value: how often it was sent, and received. */
  readonly sent: SharedArrayBuffer
  readonly received: SharedArrayBuffer
  /** 0: who is inside the lock. 1: how often somebody was not alone. */
  readonly inside: SharedArrayBuffer
  readonly threads: readonly number[]
  /** Nobody sends there. */
  readonly never: Channel<Guard>
}

/** Chooses among sends, receives, a lock and messages of its own, until it has sent so many values. */
export function* chooses(c: Chances, number: number, count: number): Resumable<void> {
  const [sent, received, inside] = [new Int32Array(c.sent), new Int32Array(c.received), new Int32Array(c.inside)]
  const [a, b, d] = c.channels as [Channel<number>, Channel<number>, Channel<number>]
  const me = currentFiber() as Fiber<unknown>
  for (let i = 0, told = -1, turn = 0; i < count; ) {
    const value = number * count + i
    if (i % 3 === 0 && told < i) {
      yield* tell(me, i)
      told = i
    }
    const x = yield* select({
      first: a.receive(),
      note: receive((m: unknown): m is number => typeof m === "number"),
      to: b.send(value),
      second: d.receive(),
      other: d.send(value),
      // a lock that is free is had sooner than what a partner elsewhere still has to choose
      guard: turn++ % 3 === 0 ? c.lock.lock() : c.never.receive(),
      late: sleep(5),
    })
    if (x.key === "to" || x.key === "other") {
      Atomics.add(sent, value, 1)
      i++
    } else if (x.key === "first" || x.key === "second") Atomics.add(received, x.value, 1)
    else if (x.key === "guard") {
      if (Atomics.add(inside, 0, 1) !== 0) Atomics.add(inside, 1, 1)
      try {
        yield* sleep(0)
      } finally {
        Atomics.sub(inside, 0, 1)
        x.value.release()
      }
    }
    if (i % 7 === 0) yield* goes(c.threads, number + i)
  }
}
/** Receives what is left of both kinds, until it is interrupted. */
export function* takesAll(c: Chances): Resumable<never> {
  const received = new Int32Array(c.received)
  const [, b, d] = c.channels as [Channel<number>, Channel<number>, Channel<number>]
  for (;;) {
    const x = yield* select({ one: b.receive(), two: d.receive() })
    Atomics.add(received, x.value, 1)
  }
}

/** Sends while it moves, until the channel is closed. Gives why it ended. */
export function* sendsMoving(
  to: Channel<number>,
  from: number,
  sent: SharedArrayBuffer,
  threads: readonly number[],
): Resumable<string> {
  const words = new Int32Array(sent)
  try {
    for (let i = from; ; i++) {
      yield* to.send(i)
      Atomics.add(words, i, 1)
      if (i % 3 === 0) yield* goes(threads, i)
    }
  } catch (error) {
    return codeOf(error)
  }
}
export function* receivesMoving(
  from: Channel<number>,
  received: SharedArrayBuffer,
  threads: readonly number[],
): Resumable<number> {
  const words = new Int32Array(received)
  let count = 0
  for (const value of from) {
    Atomics.add(words, value, 1)
    if (++count % 4 === 0) yield* goes(threads, count)
  }
  return count
}
export function* closes(it: Channel<never>): Resumable<boolean> {
  return yield* it.close()
}

/** Is resumed again and again, by whoever has its resumer. Gives the sum of what it got. */
export function* resumedOften(
  to: Channel<Resumer<number>>,
  times: number,
  threads: readonly number[],
): Resumable<number> {
  let sum = 0
  for (let i = 0; i < times; i++) {
    sum += yield* suspend<number>(
      function* (resume) {
        yield* to.send(resume)
        if (i % 2 === 0) yield* to.send(resume)
      },
      { timeout: 20_000 },
    )
    if (i % 5 === 0) yield* goes(threads, i)
  }
  return sum
}
/** Resumes whom it can. Gives how often it was the first. */
export function* resumesAll(from: Channel<Resumer<number>>, threads: readonly number[]): Resumable<number> {
  let first = 0
  let n = 0
  for (const resume of from) {
    if (yield* resume.with(1)) first++
    if (++n % 3 === 0) yield* goes(threads, n)
  }
  return first
}

/** Monitors those that die with their threads, or by themselves. Gives of how many it heard; throws if it heard of one twice. */
export function* mourns(count: number, threads: readonly number[]): Resumable<number> {
  const monitors = new Set<string>()
  for (let i = 0; i < count; i++) {
    monitors.add(yield* monitor(yield* detach(lives(threads, i))))
    if (i % 3 === 0) yield* goes(threads, i)
  }
  let heard = 0
  while (monitors.size > 0) {
    const { monitor: which } = yield* receive(Down, { timeout: 30_000 })
    if (!monitors.delete(which)) throw new Error(`a second Down of monitor ${which}`)
    heard++
    if (heard % 4 === 0) yield* goes(threads, heard)
  }
  const late = yield* select({ any: receive(Down), tick: sleep(30) })
  if (late.key === "any") throw new Error(`one Down more, of ${late.value.monitor}`)
  return heard
}
function* lives(threads: readonly number[], n: number): Resumable<number> {
  yield* goes(threads, n)
  yield* sleep(20 + ((n * 37) % 200))
  if (n % 4 === 0) yield* spawn(lives(threads, n + 1))
  if (n % 5 === 0) throw new RangeError(`${n}`)
  return currentThread().id
}
