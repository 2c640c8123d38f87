"use fibers"
/** What `held.test.ts` runs: fibers that have something on its way to a thread that does not read, and are to leave their own. */
import {
  ask,
  type Channel,
  channel,
  exit,
  type Fiber,
  type Mutex,
  migrateTo,
  noBlock,
  type Resumable,
  receive,
  register,
  scope,
  sleep,
  spawn,
  tell,
  uninterruptible,
  wait,
  whereis,
} from "rove"

/** Words of a gate: whether the thread is to stop reading, or to die; whether it has stopped; and whether all is over. */
export const [SHUT, STOPPED, OVER, DIES] = [0, 1, 2, 3]
/** How many have sent, whether they are to go on, and how many have run their `finally`. */
export const [SENT, GO, CLEANED] = [4, 5, 6]

/** On that thread: is there for messages, and reads nothing while the gate is shut. */
export function* listens(name: string, thread: number, gate: SharedArrayBuffer): Resumable<void> {
  yield* migrateTo(thread)
  yield* spawn(hears(name, gate), { pinned: "its thread is slow" })
}
function* hears(name: string, gate: SharedArrayBuffer): Resumable<void> {
  yield* register(name)
  const words = new Int32Array(gate)
  while (Atomics.load(words, OVER) === 0) {
    block(words)
    yield* sleep(1)
  }
}
function block(words: Int32Array): void {
  while (Atomics.load(words, SHUT) === 1) {
    Atomics.store(words, STOPPED, 1)
    Atomics.wait(words, SHUT, 1, 50)
  }
  if (Atomics.load(words, DIES) === 1) process.exit(1)
}

export interface Sends {
  readonly how: "computes" | "ends" | "goes" | "signals"
  readonly name: string
  readonly thread: number
  readonly gate: SharedArrayBuffer
}

/** Is tied to that thread. */
export function* sendsTied(of: Sends): Resumable<string> {
  yield* migrateTo(of.thread)
  return yield* (yield* spawn(send(of), { pinned: "it stays" })).join()
}
/** Goes to the other thread in the end. */
export function* sends(of: Sends, other = of.thread): Resumable<string> {
  yield* migrateTo(of.thread)
  const result = yield* send(of)
  yield* migrateTo(other)
  return result
}
function* send({ how, name, gate }: Sends): Resumable<string> {
  const words = new Int32Array(gate)
  const to = yield* find(name)
  while (Atomics.load(words, STOPPED) === 0) yield* sleep(1)
  const reason: { text: string; own?: unknown } = { text: "enough" }
  try {
    yield* noBlock(function* () {
      if (how === "signals") yield* exit(to, reason)
      else yield* tell(to, how)
      reason.own = process.stdout // cannot leave its thread
      Atomics.add(words, SENT, 1)
      while (how !== "ends" && Atomics.load(words, GO) === 0);
      reason.own = null
    })
  } finally {
    Atomics.add(words, CLEANED, 1)
  }
  return how
}
function* find(name: string): Resumable<Fiber<unknown>> {
  for (;;) {
    const found = yield* whereis(name)
    if (found !== null) return found
    yield* sleep(1)
  }
}

/** Asks where it may not wait for the answer. Gives the refusal, and what the one who was asked heard. */
export function* asksInPassing(): Resumable<unknown[]> {
  const asked = yield* spawn(first())
  const said: unknown[] = []
  try {
    yield* noBlock(function* () {
      yield* ask(asked, "a question")
    })
  } catch (error) {
    said.push((error as { code?: string }).code)
  }
  yield* tell(asked, "a message")
  said.push(yield* asked.join())
  return said
}
function* first(): Resumable<unknown> {
  return yield* receive()
}

/** Throws in a deep call while a child lives on until the gate's word. */
export function* failsDeep(gate: SharedArrayBuffer): Resumable<void> {
  yield* spawn(livesOn(gate))
  while (Atomics.load(new Int32Array(gate), SENT) === 0) yield* sleep(1) // one that has not begun would end at once
  yield* deep(3)
}
function* deep(n: number): Resumable<void> {
  if (n === 0) throw new RangeError("thrown in the deep")
  yield* deep(n - 1)
}
function* livesOn(gate: SharedArrayBuffer): Resumable<void> {
  yield* uninterruptible(function* () {
    Atomics.store(new Int32Array(gate), SENT, 1)
    while (Atomics.load(new Int32Array(gate), OVER) === 0) yield* sleep(1)
  })
}

/** Says where it is each time that it goes on. */
export function* naps(gate: SharedArrayBuffer): Resumable<void> {
  yield* sleep(20)
  Atomics.add(new Int32Array(gate), SENT, 1)
  yield* sleep(3_600_000)
}
export function* dies(thread: number): Resumable<void> {
  yield* migrateTo(thread)
  process.exit(1)
}
/** Holds the lock until the gate's word. */
export function* locksUp(lock: Mutex, gate: SharedArrayBuffer): Resumable<string> {
  using guard = yield* lock.lock()
  const words = new Int32Array(gate)
  Atomics.store(words, SENT, 1)
  while (Atomics.load(words, GO) === 0) yield* sleep(1)
  return guard.held ? "held" : "lost"
}
export function* canLock(lock: Mutex): Resumable<boolean> {
  const guard = yield* lock.tryLock()
  guard?.release()
  return guard !== undefined
}
/** On its thread, a child in each round that is ready when the thread has its turn of the event loop: until so many after the word. */
export function* rounds(thread: number, count: number, gate: SharedArrayBuffer): Resumable<void> {
  yield* migrateTo(thread)
  yield* spawn(wakes(count, gate), { pinned: "it is no record" })
}
function* wakes(count: number, gate: SharedArrayBuffer): Resumable<void> {
  const words = new Int32Array(gate)
  for (let left = count; left > 0; ) {
    const it = channel<number>({ capacity: 1 })
    yield* spawn(once(it, gate))
    Atomics.add(words, SENT, 1)
    for (let tries = 20; tries > 0 && (yield* it.balance()) === 0; tries--) yield* sleep(0) // until it waits
    yield* it.send(1)
    for (const until = performance.now() + 6; performance.now() < until; );
    yield* sleep(1)
    if (Atomics.load(words, GO) === 1) left--
  }
  Atomics.store(words, SHUT, 0)
  Atomics.notify(words, SHUT)
}
export function* once(it: Channel<number>, gate: SharedArrayBuffer): Resumable<void> {
  yield* it.receive()
  Atomics.add(new Int32Array(gate), CLEANED, 1)
}
/** Waits for a promise inside of a scope, and for a child there. */
export function* waitsBesideChild(ms: number): Resumable<number> {
  return yield* scope(function* () {
    const child = yield* spawn(answersLate())
    yield* wait(() => new Promise(resolve => setTimeout(resolve, ms)))
    return yield* child.join()
  })
}
function* answersLate(): Resumable<number> {
  yield* sleep(1000)
  return 1
}
export function* quick(): Resumable<string> {
  return "quick"
}
