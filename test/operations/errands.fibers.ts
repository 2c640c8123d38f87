"use fibers"
/** What `errands.test.ts` runs: fibers that send where they may not wait, and then go elsewhere or end. */
import {
  type Channel,
  channel,
  currentFiber,
  Down,
  detach,
  Exit,
  exit,
  type Fiber,
  link,
  type Mutex,
  migrateTo,
  monitor,
  mutex,
  noBlock,
  noSwitch,
  type Resumable,
  receive,
  register,
  restorable,
  sleep,
  spawn,
  tell,
  trapExits,
  unregister,
} from "rove"
import { tiedTo } from "./tied.fibers.ts"

const me = (): Fiber<unknown> => currentFiber() as Fiber<unknown>

function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

function untilSet(word: SharedArrayBuffer): void {
  while (Atomics.load(new Int32Array(word), 0) === 0);
}

/** Where it is sent: each way in which a fiber cannot wait. */
export const WHERE = ["noBlock", "noSwitch", "native"] as const
export type Where = (typeof WHERE)[number]

function* sends(where: Where, to: Fiber<unknown>, message: number): Resumable<void> {
  const send = function* (): Resumable<void> {
    if (message % 5 === 4) yield* exit(to, message)
    else yield* tell(to, message)
  }
  if (where === "noBlock") yield* noBlock(send)
  else if (where === "noSwitch") yield* noSwitch(send)
  else Array.from(send())
}

/** Who receives is on a slow thread; who sends goes to and fro between two others. Gives what came in another order. */
export function* inOrder(where: Where, threads: readonly number[], count: number): Resumable<string[]> {
  yield* migrateTo(threads[0] as number)
  const receiver = yield* spawn(receives(where, threads, count), { pinned: "its thread is slow" })
  return yield* receiver.join()
}
function* receives(where: Where, threads: readonly number[], count: number): Resumable<string[]> {
  yield* trapExits()
  const senders: Fiber<string>[] = []
  for (const name of [0, 1]) senders.push(yield* spawn(wanders(where, name, me(), threads, count)))
  const next = [0, 0]
  const wrong: string[] = []
  for (let left = 2 * count; left > 0; left--) {
    const message = yield* receive<number | Exit>(undefined, { timeout: 10_000 })
    const sent = message instanceof Exit ? (message.reason as number) : message
    const name = sent < 1000 ? 0 : 1
    if (sent % 1000 !== next[name]) wrong.push(`${name}: ${sent % 1000} in place of ${next[name]}`)
    next[name] = (sent % 1000) + 1
    busy(0.3)
  }
  for (const sender of senders) if ((yield* sender.join()) !== "sent") wrong.push("a sender gave something else")
  return wrong
}
function* wanders(
  where: Where,
  name: number,
  to: Fiber<unknown>,
  threads: readonly number[],
  count: number,
): Resumable<string> {
  for (let i = 0; i < count; i++) {
    yield* migrateTo(threads[1 + ((i + name) % 2)] as number)
    yield* sends(where, to, 1000 * name + i)
  }
  return "sent"
}

/** Ends away from its home, with something on its way. Gives how often its end was heard of first. */
export function* ends(where: Where, threads: readonly number[], times: number): Resumable<number> {
  yield* migrateTo(threads[0] as number)
  const watcher = yield* spawn(watches(where, threads, times), { pinned: "its thread is slow" })
  return yield* watcher.join()
}
function* watches(where: Where, threads: readonly number[], times: number): Resumable<number> {
  yield* trapExits()
  let early = 0
  for (let i = 0; i < times; i++) {
    const home = yield* spawn(spawnsElsewhere(where, me(), threads))
    const sender = yield* receive<Fiber<unknown>>(undefined, { timeout: 10_000 })
    if (i % 2 === 0) yield* monitor(sender)
    else yield* link(sender)
    yield* tell(sender, "go")
    busy(0.3)
    const heard = [yield* receive(undefined, { timeout: 10_000 }), yield* receive(undefined, { timeout: 10_000 })]
    if (heard[0] instanceof Down || heard[0] instanceof Exit) early++
    yield* home.join()
  }
  return early
}
function* spawnsElsewhere(where: Where, to: Fiber<unknown>, threads: readonly number[]): Resumable<void> {
  yield* migrateTo(threads[1] as number)
  const sender = yield* spawn(sendsAndEnds(where, to, threads[2] as number))
  yield* tell(to, sender)
  yield* sender.join()
}
function* sendsAndEnds(where: Where, to: Fiber<unknown>, thread: number): Resumable<void> {
  yield* receive((m: unknown): m is string => m === "go")
  yield* migrateTo(thread)
  yield* sends(where, to, 1)
}

/** Holds a lock of a thread that is busy when it ends elsewhere. Gives how often somebody who heard of that found it locked. */
export function* locked(threads: readonly number[], times: number): Resumable<number> {
  yield* migrateTo(threads[0] as number)
  const server = yield* spawn(keepsBusy(me(), times), { pinned: "its thread is slow" })
  const lock = yield* receive<Mutex>()
  yield* migrateTo(threads[1] as number)
  let found = 0
  for (let i = 0; i < times; i++) {
    const holder = yield* spawn(holds(lock, server, threads[2] as number, i % 2 === 0))
    yield* monitor(holder)
    yield* receive(Down)
    const guard = yield* lock.tryLock()
    if (guard === undefined) found++
    guard?.release()
  }
  return found
}
function* keepsBusy(to: Fiber<unknown>, times: number): Resumable<void> {
  yield* tell(to, mutex()) // this thread is its home
  for (let left = times; left > 0; left--) {
    yield* receive()
    busy(2)
  }
}
function* holds(lock: Mutex, server: Fiber<unknown>, thread: number, releases: boolean): Resumable<void> {
  yield* migrateTo(thread)
  const guard = yield* lock.lock()
  yield* tell(server, "be busy")
  if (releases) guard.release()
}
/** Waits for somebody to tell, tells it where it may not wait, and ends. */
export function* lastWords(thread: number, how: "returns" | "throws", word: SharedArrayBuffer): Resumable<string> {
  yield* migrateTo(thread)
  yield* register("speaker")
  const to = yield* receive<Fiber<unknown>>()
  yield* unregister("speaker")
  while (Atomics.load(new Int32Array(word), 1) === 0) yield* sleep(1) // the thread that takes nothing any more
  yield* noBlock(function* () {
    yield* tell(to, "last words")
  })
  if (how === "throws") throw new RangeError("ended")
  return "ended"
}
/** The same on a thread that it does not leave, when it is interrupted and the word is set. */
export function* speaksAtLast(thread: number, word: SharedArrayBuffer): Resumable<string> {
  using _ = yield* tiedTo(thread)
  yield* register("speaker")
  const to = yield* receive<Fiber<unknown>>()
  yield* unregister("speaker")
  try {
    yield* sleep(60_000)
  } catch {
    while (Atomics.load(new Int32Array(word), 0) === 0) yield* sleep(1)
    yield* noBlock(function* () {
      yield* tell(to, "last words")
    })
  }
  return "ended"
}
/** Leaves somebody behind on that thread who sets the word when it is interrupted. */
export function* leavesSomebody(thread: number, word: SharedArrayBuffer): Resumable<void> {
  const here = channel<string>()
  yield* detach(setsAtLast(thread, word, here))
  yield* here.receive()
}
function* setsAtLast(thread: number, word: SharedArrayBuffer, here: Channel<string>): Resumable<void> {
  using _ = yield* tiedTo(thread)
  try {
    yield* here.send("it is there")
    yield* sleep(60_000)
  } finally {
    Atomics.store(new Int32Array(word), 0, 1)
  }
}
/** Has somebody tell it something, and its thread is busy until the word is set. */
export function* hears(thread: number, word: SharedArrayBuffer): Resumable<string> {
  yield* migrateTo(thread)
  const receiver = yield* spawn(hearsLate(word), { pinned: "its thread is slow" })
  return yield* receiver.join()
}
function* hearsLate(word: SharedArrayBuffer): Resumable<string> {
  yield* tell("speaker", me())
  Atomics.store(new Int32Array(word), 1, 1) // from here on its thread takes nothing
  untilSet(word)
  return yield* receive<string>(undefined, { timeout: 10_000 })
}
/** Asks in the same stretch in which it has sent something. */
export function* sendsAndAsks(thread: number): Resumable<boolean> {
  yield* migrateTo(thread)
  const to = yield* spawn(receivesOnce(), { pinned: "its thread is another" })
  yield* migrateTo(thread + 1)
  const { restorable: could } = yield* noBlock(function* () {
    yield* tell(to, "something")
    return yield* restorable()
  })
  yield* to.join()
  return could
}
function* receivesOnce(): Resumable<void> {
  yield* receive()
}

/** Sends for ever where it may not wait, to fibers of two threads that answer in turn: something is on its way at any time. */
export function* sendsOn(here: number, slow: readonly number[], words: SharedArrayBuffer): Resumable<never> {
  const to: Fiber<unknown>[] = []
  for (const thread of slow) {
    yield* migrateTo(thread)
    to.push(yield* detach(answersInTurn(words, to.length), { pinned: "its thread is slow" }))
  }
  yield* migrateTo(here)
  return yield* noBlock(function* (): Resumable<never> {
    for (let i = 0; ; i++) {
      yield* tell(to[i % 2] as Fiber<unknown>, i)
      busy(0.1)
    }
  })
}
function* answersInTurn(words: SharedArrayBuffer, mine: number): Resumable<void> {
  while (block(new Int32Array(words), mine)) yield* sleep(1) // the thread answers what has come
}
/** Its thread, until it has its turn again, and long enough that something has come before. False if the third word is set. */
function block(words: Int32Array, mine: number): boolean {
  const isOver = (): boolean => Atomics.load(words, 2) === 1
  Atomics.wait(words, 2, 0, 20)
  Atomics.add(words, 1, 1)
  Atomics.store(words, 0, 1 - mine)
  // not for ever: the sender, or the other one, may have yet to leave this thread
  for (let left = 300; left > 0 && Atomics.load(words, 0) !== mine && !isOver(); left--) Atomics.wait(words, 2, 0, 1)
  return !isOver()
}
