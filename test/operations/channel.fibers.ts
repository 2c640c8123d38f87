"use fibers"
/** What fibers do with channels, on whichever threads they and the channels are. */
import { type Channel, channel, currentThread, migrateTo, pin, type Resumable, sleep, spawn } from "@rove/fibers"

/** Makes a channel whose home is the thread on which this runs. */
export function* makes<T>(options?: {
  capacity?: number
  overflow?: "block" | "drop" | "slide"
}): Resumable<Channel<T>> {
  const made = channel<T>(options)
  yield* made.balance()
  return made
}
/** Makes a channel on that thread. */
export function* makesOn<T>(thread: number, options?: { capacity?: number }): Resumable<Channel<T>> {
  yield* migrateTo(thread)
  using _ = pin("the channel's home is to be this thread")
  return yield* makes<T>(options)
}
/** On that thread, whoever wants to steal it. */
export function* sendsAll<T>(thread: number | null, to: Channel<T>, values: readonly T[]): Resumable<number> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  for (const value of values) yield* to.send(value)
  return currentThread().id
}
export function* receivesAll<T>(thread: number | null, from: Channel<T>, count: number): Resumable<T[]> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  const values: T[] = []
  for (let i = 0; i < count; i++) values.push(yield* from.receive())
  return values
}
/** Until it is closed; how that was. */
export function* drains<T>(thread: number | null, from: Channel<T>): Resumable<{ values: T[]; end: string }> {
  if (thread !== null) yield* migrateTo(thread)
  const values: T[] = []
  try {
    for (const value of from) values.push(value)
    return { values, end: "closed" }
  } catch (error) {
    return { values, end: String(error) }
  }
}
export function* closes(thread: number | null, it: Channel<unknown>, error?: unknown): Resumable<boolean> {
  if (thread !== null) yield* migrateTo(thread)
  return yield* it.close(error)
}
/** The error with which a receive ends, or its value. */
export function* tries<T>(thread: number | null, from: Channel<T>, timeout?: number): Resumable<unknown> {
  if (thread !== null) yield* migrateTo(thread)
  try {
    return yield* from.receive(timeout === undefined ? undefined : { timeout })
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
/** What a receive gave that was interrupted, if it gave something all the same. */
export function* holds<T>(thread: number, from: Channel<T>, kept: SharedArrayBuffer): Resumable<void> {
  yield* migrateTo(thread)
  const words = new Int32Array(kept)
  for (;;) {
    const value = (yield* from.receive()) as number
    Atomics.add(words, value, 1)
  }
}
export function* sendsCounted(
  thread: number,
  to: Channel<number>,
  first: number,
  kept: SharedArrayBuffer,
): Resumable<void> {
  yield* migrateTo(thread)
  const words = new Int32Array(kept)
  for (let i = first; ; i++) {
    yield* to.send(i)
    Atomics.store(words, 0, i)
  }
}
export function* dies(thread: number): Resumable<void> {
  yield* migrateTo(thread)
  process.exit(3)
}
export function* sleeps(ms: number): Resumable<void> {
  yield* sleep(ms)
}
/** Sends and receives on one thread. */
export function* pingPong(rounds: number): Resumable<number> {
  const there = channel<number>()
  const back = channel<number>()
  yield* spawn(echoes(there, back, rounds))
  let sum = 0
  for (let i = 0; i < rounds; i++) {
    yield* there.send(i)
    sum += yield* back.receive()
  }
  return sum
}
function* echoes(there: Channel<number>, back: Channel<number>, rounds: number): Resumable<void> {
  for (let i = 0; i < rounds; i++) yield* back.send(yield* there.receive())
}
/** Its operations without a wait, one after another. */
export function* withoutWaiting(): Resumable<unknown[]> {
  const buffer = channel<number>({ capacity: 2 })
  const seen: unknown[] = [yield* buffer.tryReceive()]
  seen.push(yield* buffer.trySend(1), yield* buffer.trySend(2), yield* buffer.trySend(3), yield* buffer.balance())
  seen.push(yield* buffer.tryReceive(), yield* buffer.close(), yield* buffer.close(), yield* buffer.tryReceive())
  seen.push(yield* buffer.next())
  return seen
}
export function* overflows(overflow: "drop" | "slide"): Resumable<number[]> {
  const buffer = channel<number>({ capacity: 2, overflow })
  for (let i = 1; i <= 5; i++) yield* buffer.send(i)
  yield* buffer.close()
  const got: number[] = []
  for (const value of buffer) got.push(value)
  return got
}
/** What arrives is a copy, unless it is frozen or moved. */
export function* hands(): Resumable<boolean[]> {
  const buffer = channel<object>({ capacity: 3 })
  const given = { at: [1] }
  const frozen = Object.freeze({ at: Object.freeze([1]) })
  yield* buffer.send(given)
  yield* buffer.send(frozen)
  given.at[0] = 2
  const first = (yield* buffer.receive()) as typeof given
  return [first !== given, first.at[0] === 1, (yield* buffer.receive()) === frozen]
}
export function* closesWhileOthersWait(error?: unknown): Resumable<unknown[]> {
  const it = channel<number>()
  const receivers = [yield* spawn(tries(null, it)), yield* spawn(drains(null, it))]
  yield* sleep(1)
  yield* it.close(error)
  const seen: unknown[] = []
  for (const receiver of receivers) seen.push(yield* receiver.join())
  return seen
}
export function* closesOnSenders(): Resumable<unknown[]> {
  const it = channel<number>()
  const sender = yield* spawn(sendsAll(null, it, [1, 2]))
  yield* sleep(1)
  yield* it.close()
  try {
    return [yield* sender.join()]
  } catch (error) {
    return [(error as { code: string }).code]
  }
}
/** Waits for ever, for each other. */
/** Makes a channel, is looked at, and uses it then, with a child. */
export function* makesLate(): Resumable<number> {
  const values = channel<number>({ capacity: 1 })
  yield* sleep(20)
  const child = yield* spawn(sends42(values))
  yield* child.join()
  return yield* values.receive()
}
function* sends42(values: Channel<number>): Resumable<void> {
  yield* values.send(42)
}

export function* stuck(): Resumable<void> {
  const it = channel<number>()
  yield* spawn(tries(null, it))
  yield* it.receive()
}
export function* interruptsAReceiver(): Resumable<unknown[]> {
  const it = channel<number>()
  const receiver = yield* spawn(receivesAll(null, it, 1))
  yield* sleep(1)
  const balance = yield* it.balance()
  yield* receiver.interrupt("enough")
  return [balance, yield* it.balance(), yield* it.trySend(1)]
}
