"use fibers"
/** Crowds that use one object while threads die, or while everybody is stolen from everybody; what they did is in shared memory. */
import {
  atomic,
  type Channel,
  currentThread,
  type Mutex,
  migrateTo,
  noBlock,
  noSwitch,
  pinned,
  type Resumable,
  register,
  sleep,
  unregister,
} from "rove"

export function* dies(thread: number): Resumable<never> {
  yield* migrateTo(thread)
  return process.exit(3)
}

/** Each value once; marked when the send is over. */
export function* sends(to: Channel<number>, first: number, count: number, sent: SharedArrayBuffer): Resumable<void> {
  const words = new Int32Array(sent)
  for (let i = first; i < first + count; i++) {
    yield* to.send(i)
    Atomics.store(words, i, 1)
    if (i % 7 === 0) yield* sleep(1)
  }
}
/** Marks what it has received. Throws if what one has sent comes in another order. */
export function* receives(from: Channel<number>, each: number, received: SharedArrayBuffer): Resumable<never> {
  const words = new Int32Array(received)
  const last: number[] = []
  for (;;) {
    const value = yield* from.receive()
    Atomics.add(words, value, 1)
    const sender = Math.floor(value / each)
    if (value <= (last[sender] ?? -1)) throw new Error(`${value} came behind ${last[sender]}`)
    last[sender] = value
  }
}

/** What only one may be in at a time. Whom it found there is marked: that one is to have died there. */
function* inside(number: number, owner: SharedArrayBuffer, found: SharedArrayBuffer): Resumable<void> {
  const words = new Int32Array(owner)
  const before = Atomics.exchange(words, 0, number)
  if (before !== 0) Atomics.store(new Int32Array(found), before, 1)
  yield* sleep(number % 3)
  if (Atomics.compareExchange(words, 0, number, 0) !== number) throw new Error(`${number} was not alone`)
}
export function* locks(
  lock: Mutex,
  number: number,
  times: number,
  owner: SharedArrayBuffer,
  found: SharedArrayBuffer,
): Resumable<number> {
  for (let i = 0; i < times; i++) {
    using guard = yield* lock.lock()
    if (guard.held) yield* inside(number, owner, found)
  }
  return times
}
export function* names(
  name: string,
  number: number,
  times: number,
  owner: SharedArrayBuffer,
  found: SharedArrayBuffer,
): Resumable<number> {
  let had = 0
  while (had < times) {
    try {
      yield* register(name)
    } catch (error) {
      if ((error as { code?: string }).code !== "ROVE_NAME_TAKEN") throw error
      yield* sleep(1)
      continue
    }
    had++
    yield* inside(number, owner, found)
    yield* unregister(name)
  }
  return had
}

/** Computes; everybody who runs on a thread leaves its number there. */
function spin(runs: SharedArrayBuffer, number: number): void {
  const words = new Int32Array(runs)
  const { id } = currentThread()
  for (let i = 0; i < 200; i++) Atomics.store(words, id, number)
}
/** Whether nobody else has run here since. */
function* alone(runs: SharedArrayBuffer, number: number): Resumable<boolean> {
  const { id } = currentThread()
  spin(runs, number)
  let n = 0
  for (let i = 0; i < 20_000; i++) n += i // may be preempted, unless that is forbidden
  return n > 0 && currentThread().id === id && Atomics.load(new Int32Array(runs), id) === number
}
/** Regions in regions, again and again; between them it may go anywhere. Gives what did not hold. */
export function* regions(number: number, rounds: number, runs: SharedArrayBuffer): Resumable<string[]> {
  const broken: string[] = []
  const refused = function* (code: string): Resumable<void> {
    try {
      yield* sleep(1)
      broken.push(`${code} was not thrown`)
    } catch (error) {
      if ((error as { code?: string }).code !== code) broken.push(`${error}`)
    }
  }
  for (let i = 0; i < rounds; i++) {
    spin(runs, number)
    yield* sleep(0)
    const before = yield* pinned("its thread is watched", function* () {
      const { id } = currentThread()
      yield* noSwitch(function* () {
        if (!(yield* alone(runs, number))) broken.push("others ran inside of noSwitch")
        yield* noBlock(function* () {
          yield* refused("ROVE_NO_BLOCK") // the innermost one says it
        })
        if (!(yield* alone(runs, number))) broken.push("others ran behind a region in noSwitch")
        yield* refused("ROVE_NO_SWITCH")
      })
      yield* noBlock(function* () {
        yield* refused("ROVE_NO_BLOCK")
      })
      yield* atomic(function* () {
        if (!(yield* alone(runs, number))) broken.push("others ran inside of atomic")
      })
      yield* sleep(0)
      if (currentThread().id !== id) broken.push("it left its thread while it was pinned")
      return id
    })
    if (before < 0) broken.push("no thread")
  }
  return broken
}
/** Values in the buffer, and who waits to send, less who waits to receive. */
export function* balanced(it: Channel<number>): Resumable<number> {
  return yield* it.balance()
}
