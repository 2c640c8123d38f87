/**
 * What each operation gives, and (with `@ts-expect-error`) what it does not take: those that types.test-d.ts has not. Nothing here
 * runs: the type checker is the test.
 */
import type { Effect } from "effect"
import {
  any,
  ask,
  atomic,
  type Barrier,
  barrier,
  type Channel,
  Coroutine,
  channel,
  chunks,
  currentFiber,
  deadline,
  demonitor,
  exit,
  type Fiber,
  type FiberInterrupted,
  FiberLocal,
  type FiberOutcome,
  forEach,
  type Guard,
  handledExceptions,
  interval,
  type Latch,
  latch,
  link,
  type Mutex,
  migrateTo,
  monitor,
  mutex,
  noBlock,
  noSwitch,
  now,
  onExit,
  pin,
  type ReadWriteLock,
  type Resumable,
  type Resumer,
  readWriteLock,
  receive,
  record,
  register,
  restorable,
  type Semaphore,
  type StackFrame,
  select,
  semaphore,
  setTrace,
  sleep,
  stack,
  suspend,
  ThreadMutex,
  timeLeft,
  trapExits,
  uninterruptible,
  unlink,
  unregister,
  wait,
  whereis,
} from "rove"
import { toEffect } from "rove/effect"

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function is<A, B>(same: Eq<A, B>): void
declare const other: Fiber<number>
declare function give<T>(value: T): Resumable<T>
declare function yields(): Generator<number, void, unknown>

export function* lifetimes(): Resumable<void> {
  const first = yield* any(new Set([give(1), give(2)]))
  is<typeof first, number>(true)
  // @ts-expect-error no list of branches
  yield* any({ a: give(1) })
  // @ts-expect-error what it gives is a result of a branch
  const text: string = yield* any([give(1)])
  // @ts-expect-error what it makes is a computation
  yield* forEach([1], x => x)
  // @ts-expect-error nothing can be iterated
  yield* forEach(5, give)
  // @ts-expect-error a number of fibers
  yield* forEach([1], give, { concurrency: "all" })
  // @ts-expect-error the body itself
  yield* uninterruptible(give(1))
  yield* uninterruptible(function* (restore) {
    // @ts-expect-error what is restored is work, no value
    yield* restore(5)
  })
  yield* onExit(function* (outcome) {
    is<typeof outcome, FiberOutcome>(true)
    if (outcome.kind === "returned") is<typeof outcome.value, unknown>(true)
    // @ts-expect-error one that returned has no error
    if (outcome.kind === "returned") outcome.error
  })
  // @ts-expect-error an ordinary function cannot wait
  yield* onExit(() => {})
  // @ts-expect-error a moment comes first
  yield* deadline(function* () {})
  // @ts-expect-error the body itself
  yield* deadline(now(), give(1))
  // @ts-expect-error no operation: it is a number at once
  yield* timeLeft()
  // @ts-expect-error nor is the time
  yield* now()
  // @ts-expect-error milliseconds
  for (const _ of interval("second")) break
  // @ts-expect-error its ticks are numbers
  for (const tick of interval(5)) tick.length
  // @ts-expect-error a joined fiber gives its result
  const wrong: string = yield* other.join()
  // @ts-expect-error a reason is one value
  yield* other.interrupt("a", "b")
  // @ts-expect-error a signal is not a number of milliseconds
  yield* wait(Promise.resolve(1), { signal: 5 })
  // @ts-expect-error a path is no stream
  for (const _ of chunks("file")) break
  return void [text, wrong]
}

export function* channels(): Resumable<void> {
  const texts = channel<string>({ capacity: 2, overflow: "slide" })
  is<typeof texts, Channel<string>>(true)
  const item = yield* texts.next()
  if (item.done) is<typeof item.value, undefined>(true)
  else is<typeof item.value, string>(true)
  const closed = yield* texts.close(new Error("end"))
  is<typeof closed, boolean>(true)
  const balance = yield* texts.balance()
  is<typeof balance, number>(true)
  // @ts-expect-error what a full buffer does is one of three
  channel({ overflow: "grow" })
  // @ts-expect-error an option that there is not
  channel({ size: 2 })
  // @ts-expect-error texts are sent
  yield* texts.trySend(1)
  // @ts-expect-error it may be undefined
  ;(yield* texts.tryReceive()).value
  // @ts-expect-error an error, and no options
  yield* texts.close(new Error("end"), { timeout: 5 })
  // @ts-expect-error a number
  ;(yield* texts.balance()).length
  // @ts-expect-error it does not wait, so there is nothing to limit
  yield* texts.tryReceive({ timeout: 5 })
  // @ts-expect-error no item has come
  const value: string = (yield* texts.next()).value
  // @ts-expect-error a channel of texts gives no numbers
  const numbers: Channel<number> = texts
  // @ts-expect-error a promise is no operation
  yield* select({ a: Promise.resolve(1) })
  const x = yield* select({ a: texts.receive(), b: sleep(5) }, { timeout: 5 })
  // @ts-expect-error the key is not known yet
  x.value.length
  // @ts-expect-error a key that there is not
  if (x.key === "c") return
  return void [value, numbers]
}

export function* locks(): Resumable<void> {
  const [one, many, seats, gate, wall] = [mutex(), readWriteLock(), semaphore(3), latch(2), barrier(2)]
  is<typeof one, Mutex>(true)
  is<typeof many, ReadWriteLock>(true)
  is<typeof seats, Semaphore>(true)
  is<typeof gate, Latch>(true)
  is<typeof wall, Barrier>(true)
  using guard = yield* one.lock({ timeout: 5 })
  is<typeof guard, Guard>(true)
  const tried = yield* many.tryWrite()
  is<typeof tried, Guard | undefined>(true)
  const left = yield* gate.countDown()
  is<typeof left, number>(true)
  const place = yield* wall.arrive()
  is<typeof place, number>(true)
  // @ts-expect-error it is performed before it is held
  using _ = one.lock()
  // @ts-expect-error a mutex has neither readers nor writers
  yield* one.read()
  // @ts-expect-error nobody may have got it
  tried.release()
  // @ts-expect-error nor this one
  ;(yield* one.tryLock()).release()
  // @ts-expect-error nor a reader
  ;(yield* many.tryRead()).release()
  // @ts-expect-error what does not wait has no time for it
  yield* many.tryWrite({ timeout: 5 })
  // @ts-expect-error milliseconds
  yield* many.write({ timeout: "soon" })
  // @ts-expect-error permits are a number here too
  yield* seats.tryAcquire("two")
  // @ts-expect-error a count is a number
  yield* gate.countDown("one")
  // @ts-expect-error whom it locks says the lock itself
  mutex(5)
  // @ts-expect-error nor does this one take anything
  readWriteLock(5)
  // @ts-expect-error how many
  semaphore()
  // @ts-expect-error permits are a number
  yield* seats.acquire("two")
  // @ts-expect-error how often
  latch()
  // @ts-expect-error nobody arrives at a latch
  yield* gate.arrive()
  // @ts-expect-error for how many
  barrier()
  // @ts-expect-error nobody waits at a barrier without arriving
  yield* wall.wait()
  const native = new ThreadMutex("the native table")
  using hold = native.lock()
  is<typeof hold, Disposable>(true)
  // @ts-expect-error it is no operation: it never waits
  yield* native.lock()
  // @ts-expect-error for messages
  new ThreadMutex()
}

export function* processes(): Resumable<void> {
  const trapped = yield* trapExits()
  is<typeof trapped, boolean>(true)
  const had = yield* unregister("name")
  is<typeof had, boolean>(true)
  const me = currentFiber()
  // @ts-expect-error there may be no fiber
  yield* link(me)
  // @ts-expect-error a name is no fiber
  yield* link("name")
  // @ts-expect-error nor here
  yield* unlink("name")
  // @ts-expect-error nor here
  yield* monitor("name")
  // @ts-expect-error what monitor gave, and no fiber
  yield* demonitor(other)
  // @ts-expect-error yes or no
  yield* trapExits("all")
  // @ts-expect-error a fiber comes first
  yield* exit("kill")
  // @ts-expect-error names are texts
  yield* register(5)
  // @ts-expect-error here too
  yield* unregister(5)
  // @ts-expect-error and a name comes first
  yield* unregister(other)
  // @ts-expect-error there may be none of that name
  ;(yield* whereis("name")).id
  // @ts-expect-error an answer is of the type that was said
  const answer: string = yield* ask<number>(other, "what?")
  // @ts-expect-error milliseconds
  yield* ask(other, "what?", { timeout: "soon" })
  // @ts-expect-error a test says yes or no, and a number is no pattern
  yield* receive(5)
  const stock = new FiberLocal<number>("stock")
  // @ts-expect-error a number is kept there
  stock.set("five")
  return void answer
}

export function* regions(): Resumable<void> {
  const sums = [yield* noBlock(give(1)), yield* noSwitch(() => give(1)), yield* atomic(give(1))]
  is<typeof sums, number[]>(true)
  // @ts-expect-error a region has no output stream
  yield* atomic(yields())
  // @ts-expect-error an operation is no body
  yield* noBlock(sleep(0))
  // @ts-expect-error nor is a value
  yield* noSwitch(5)
  // @ts-expect-error it asks about this fiber
  yield* restorable(other)
  // @ts-expect-error there are bytes only if there would be a record
  ;(yield* restorable()).bytes
  // @ts-expect-error a thread, or its number
  yield* migrateTo("thread 1")
}

export function* insights(): Resumable<void> {
  const frames = yield* stack()
  is<typeof frames, StackFrame[]>(true)
  // @ts-expect-error of this fiber, and of no other
  yield* stack(other)
  // @ts-expect-error frames are said, not changed
  ;(frames[0] as StackFrame).line = 1
  const errors = yield* handledExceptions()
  is<typeof errors, unknown[]>(true)
  // @ts-expect-error what was thrown may be anything
  errors[0].message
  // @ts-expect-error of this fiber
  yield* handledExceptions(other)
  const recorded = yield* record()
  // @ts-expect-error a fiber that was resumed from its record has none in its hand
  recorded.record.bytes
  // @ts-expect-error of this fiber: another one's handle has that as its method
  yield* record(other)
  yield* setTrace((event, calls) => void calls.push(event.kind), [] as string[])
  yield* setTrace(null)
  // @ts-expect-error a hook is called with what is given here
  yield* setTrace((_, calls: string[]) => void calls, 5)
  // @ts-expect-error a function, or null
  yield* setTrace("trace")
  // @ts-expect-error an ordinary one: nothing suspends there
  yield* setTrace(sleep)
  using tied = pin("it holds a socket")
  // @ts-expect-error for whoever wonders why it does not move
  pin()
  // @ts-expect-error a reason is a text
  pin(5)
  // @ts-expect-error it ends with its block, and is no operation
  yield* tied
}

class Refused extends Error {
  readonly why = "no"
}
export function effects(): void {
  const bare = toEffect(give(1))
  is<typeof bare, Effect.Effect<number, FiberInterrupted>>(true)
  const listed = toEffect(give(1), { errors: [Refused], timeout: 5 })
  is<typeof listed, Effect.Effect<number, Refused | FiberInterrupted>>(true)
  // @ts-expect-error a computation that was called, and not its function
  toEffect(give)
  // @ts-expect-error an operation is none
  toEffect(sleep(1))
  // @ts-expect-error classes of errors, and not errors
  toEffect(give(1), { errors: [new Refused()] })
  // @ts-expect-error the effect is what is interrupted
  toEffect(give(1), { signal: AbortSignal.abort() })
  // @ts-expect-error it may fail as it is listed
  const sure: Effect.Effect<number> = listed
  return void sure
}

export function* transfers(): Resumable<void> {
  const echo = new Coroutine<string, string>(give<string>)
  const back = yield* echo.throwInto(new Error("in"))
  is<typeof back, string>(true)
  // @ts-expect-error an error is thrown there, one
  yield* echo.throwInto()
  // @ts-expect-error a body is a computation, or makes one
  new Coroutine(() => 5)
  // @ts-expect-error what it is switched to is what its body takes
  new Coroutine<number, string>(function* (_: string): Resumable<void> {})
  // @ts-expect-error nobody assigns who goes on
  echo.parent = null
  yield* suspend<number>(resume => {
    is<typeof resume, Resumer<number>>(true)
    // @ts-expect-error it is resumed with numbers
    setTimeout(resume.resolve, 1, "text")
    resume.reject("any reason")
  })
  yield* suspend<number>(function* (resume) {
    // @ts-expect-error a number is resumed with
    yield* resume.with("text")
    yield* resume.fail(new Error("out"))
  })
  // @ts-expect-error what comes back is what was said
  const text: string = yield* suspend<number>(() => {})
  // @ts-expect-error milliseconds
  yield* suspend<number>(() => {}, { timeout: "soon" })
  return void text
}
