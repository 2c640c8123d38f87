"use fibers"
/** Choices among several waits, on whichever threads these and their partners are. */
import { type Channel, channel, migrateTo, pin, type Resumable, select, sleep, spawn } from "@rove/fibers"

export function* times(): Resumable<unknown[]> {
  const first = channel<number>({ capacity: 1 })
  const second = channel<string>()
  const seen: unknown[] = [yield* select({ msg: first.receive(), tick: sleep(10) })]
  yield* first.send(1)
  seen.push(yield* select({ other: second.receive(), msg: first.receive() }))
  seen.push(yield* select({ msg: first.receive(), default: "nothing" }))
  seen.push(yield* select({ msg: first.receive(), room: first.send(2) }))
  seen.push(yield* select({ msg: first.receive(), default: "nothing" }))
  try {
    yield* select({ msg: first.receive(), other: second.receive() }, { timeout: 5 })
  } catch (error) {
    seen.push((error as { code: string }).code)
  }
  seen.push(yield* first.balance(), yield* second.balance())
  const child = yield* spawn(answers(4))
  seen.push(yield* select({ msg: first.receive(), child: child.join() }))
  return seen
}
function* answers(n: number): Resumable<number> {
  yield* sleep(1)
  return n
}
/** Two who each choose between sending and receiving on one channel meet. */
export function* meets(): Resumable<string[]> {
  const it = channel<number>()
  const other = yield* spawn(either(it, 1))
  const mine = yield* either(it, 2)
  return [mine, yield* other.join()]
}
function* either(it: Channel<number>, n: number): Resumable<string> {
  const { key } = yield* select({ send: it.send(n), receive: it.receive() })
  return key
}
/** Sends to and receives from the same channel, which is full: what it did, and what is in the channel then. */
export function* sendsOrReceives(thread: number, it: Channel<number>): Resumable<unknown[]> {
  yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  yield* it.send(1)
  const done = yield* select({ send: it.send(2), receive: it.receive() })
  return [done, yield* it.balance()]
}
export function* closedOne(): Resumable<string> {
  const it = channel<number>()
  yield* it.close()
  try {
    const { key } = yield* select({ tick: sleep(1), msg: it.receive() })
    return key
  } catch (error) {
    return (error as { code: string }).code
  }
}
/** Chooses until both are closed; what it got, in order. */
export function* merges(
  thread: number | null,
  a: Channel<number>,
  b: Channel<number>,
  count: number,
): Resumable<number[]> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  const got: number[] = []
  while (got.length < count) {
    const x = yield* select({ a: a.receive(), b: b.receive(), tick: sleep(1000) })
    if (x.key !== "tick") got.push(x.value)
  }
  return got
}
/** Chooses which of two channels takes the next one. */
export function* splits(
  thread: number | null,
  a: Channel<number>,
  b: Channel<number>,
  first: number,
  count: number,
): Resumable<number[]> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  const to = [0, 0]
  for (let i = first; i < first + count; i++) {
    const { key } = yield* select({ a: a.send(i), b: b.send(i) })
    to[key === "a" ? 0 : 1]!++
  }
  return to
}
/** Counts in shared memory what it got, however often it is interrupted. */
export function* keeps(
  thread: number,
  a: Channel<number>,
  b: Channel<number>,
  kept: SharedArrayBuffer,
): Resumable<void> {
  yield* migrateTo(thread)
  const words = new Int32Array(kept)
  for (;;) {
    const { value } = yield* select({ a: a.receive(), b: b.receive() })
    Atomics.add(words, value, 1)
  }
}
export function* looks(thread: number, it: Channel<number>): Resumable<unknown> {
  yield* migrateTo(thread)
  using _ = pin("it is seen where it runs")
  return yield* select({ msg: it.receive(), default: "nothing" })
}
