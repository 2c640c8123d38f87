"use fibers"
/** Choices among several waits, on whichever threads these and their partners are. */
import {
  type Channel,
  channel,
  currentFiber,
  type Fiber,
  migrateTo,
  pin,
  type Resumable,
  receive,
  select,
  sleep,
  spawn,
  tell,
  wait,
} from "@rove/fibers"

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

class Text {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
/** Tells `to` numbers and texts in turn. */
function* tells(thread: number, to: Fiber<unknown>, count: number): Resumable<void> {
  yield* migrateTo(thread)
  for (let n = 0; n < count; n++) yield* tell(to, n % 2 === 0 ? n : new Text(String(n)))
}
const isNumber = (message: unknown): message is number => typeof message === "number"

/** Chooses between two kinds of messages and a channel, on that thread; then what is left. */
function* choosesMessages(thread: number, it: Channel<number>, count: number): Resumable<unknown[]> {
  yield* migrateTo(thread)
  const got: unknown[] = []
  while (got.length < count) {
    const x = yield* select({ text: receive(Text), number: receive(isNumber), other: it.receive() })
    got.push(x.key === "text" ? x.value.text : x.value)
  }
  return got
}
/** Messages that come from one thread, to a fiber on another one that also receives from a channel. */
export function* messagesAndValues(from: number, on: number, it: Channel<number>, count: number): Resumable<unknown[]> {
  const chooser = yield* spawn(choosesMessages(on, it, count + 100))
  yield* spawn(tells(from, chooser, count))
  return yield* chooser.join()
}
/** What is there already, what comes later, what nobody wants, and what is late. */
export function* receivesInSelect(): Resumable<unknown[]> {
  const me = currentFiber()!
  const seen: unknown[] = [yield* select({ any: receive(), default: "none" })]
  yield* tell(me, "unwanted")
  yield* tell(me, 1)
  seen.push(yield* select({ number: receive(isNumber), tick: sleep(5) }))
  seen.push(yield* select({ number: receive(isNumber), tick: sleep(5) }))
  yield* spawn(tellsLater(me, 5))
  seen.push(yield* select({ number: receive(isNumber), text: receive(Text), tick: sleep(50) }))
  seen.push(yield* select({ number: receive(isNumber), text: receive(Text), tick: sleep(50) }))
  try {
    yield* select({ number: receive(isNumber, { timeout: 5 }), tick: sleep(50) })
  } catch (error) {
    seen.push((error as { code: string }).code)
  }
  seen.push(yield* receive(), yield* receive())
  return seen
}
function* tellsLater(to: Fiber<unknown>, ms: number): Resumable<void> {
  yield* sleep(ms)
  yield* tell(to, "nor this")
  yield* tell(to, new Text("later"))
  yield* tell(to, 2)
}
export function* testThrows(): Resumable<unknown[]> {
  const me = currentFiber()!
  const seen: unknown[] = []
  const test = (): never => {
    throw new RangeError("in the test")
  }
  for (const before of [true, false]) {
    if (before) yield* tell(me, 1)
    else yield* spawn(tellsLater(me, 1))
    try {
      yield* select({ message: receive(test), tick: sleep(20) })
    } catch (error) {
      seen.push(String(error))
    }
    try {
      yield* receive(test)
    } catch (error) {
      seen.push(String(error))
    }
    seen.push(yield* receive())
  }
  return seen
}
/** Chooses a promise, again and again; then it is settled. */
export function* choosesPromises(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  for (let i = 0; i < 3; i++) seen.push((yield* select({ promise: wait(promise), tick: sleep(1) })).key)
  resolve("settled")
  seen.push(yield* select({ promise: wait(promise), tick: sleep(100) }))
  seen.push((yield* select({ promise: wait(promise), default: 0 })).key)
  const abort = new AbortController()
  abort.abort(new RangeError("aborted"))
  for (const lost of [() => wait(Promise.reject(new RangeError("rejected"))), () => wait(promise, abort)])
    try {
      yield* select({ lost: lost(), tick: sleep(100) })
    } catch (error) {
      seen.push(String(error))
    }
  // one that rejects when something else was chosen is nobody's business any more
  const rejects = Promise.withResolvers<string>()
  seen.push((yield* select({ promise: wait(rejects.promise), tick: sleep(1) })).key)
  rejects.reject(new Error("nobody hears it"))
  yield* sleep(5)
  return seen
}
const never = new Promise<void>(() => {})

/** Waits again and again for what does not come, and for something else that does. */
export function* losesOften(times: number): Resumable<number> {
  const ready = channel<number>({ capacity: 1 })
  let sum = 0
  for (let i = 0; i < times; i++) {
    yield* ready.send(1)
    const later = yield* spawn(looksAt(ready))
    const x = yield* select({ never: wait(never), message: receive(), later: later.join() })
    if (x.key === "later") sum += x.value
  }
  return sum
}
function* looksAt(it: Channel<number>): Resumable<number> {
  yield* sleep(0)
  return yield* it.receive()
}
