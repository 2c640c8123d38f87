/**
 * What must infer, and (with `@ts-expect-error`) what must not check. Nothing here runs: the type checker is the test.
 */
import {
  all,
  allSettled,
  any,
  ask,
  atomic,
  type Channel,
  ContextVar,
  Coroutine,
  callAsync,
  chunks,
  currentFiber,
  currentThread,
  Down,
  deadline,
  defer,
  detach,
  Exit,
  each,
  exit,
  type Fiber,
  type FiberOutcome,
  forEach,
  type Interruption,
  interval,
  LocalHost,
  lines,
  link,
  map,
  monitor,
  noBlock,
  noSwitch,
  now,
  type Operation,
  onExit,
  Pool,
  pinned,
  Question,
  type Restorable,
  type ResultOf,
  type Resumable,
  type Resumer,
  race,
  receive,
  reduce,
  register,
  restorable,
  retry,
  type Settled,
  scope,
  select,
  sleep,
  sleepUntil,
  spawn,
  supervisor,
  suspend,
  tell,
  timeLeft,
  timeout,
  toAsyncIterable,
  toPromise,
  uninterruptible,
  VirtualClock,
  wait,
  whereis,
  writeTo,
} from "rove"

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function is<A, B>(same: Eq<A, B>): void

// What programs look like, and what they infer.

function* fib(n: number): Resumable<number> {
  if (n < 2) return n
  const left = yield* spawn(fib(n - 1))
  is<typeof left, Fiber<number>>(true)
  const right = yield* fib(n - 2)
  is<typeof right, number>(true)
  return (yield* left.join()) + right
}
function* id<T>(x: T): Resumable<T> {
  return x
}
function over(a: string): Resumable<string>
function over(a: number): Resumable<number>
function* over(a: string | number): Resumable<never> {
  return a as never
}
function* opt(_a: number, _b?: string): Resumable<boolean> {
  return true
}
class Walker {
  *walk(d: number): Resumable<string[]> {
    const f = yield* spawn(this.walk(d - 1))
    return yield* f.join()
  }
}
function* walks() {
  const f = yield* spawn(new Walker().walk(2))
  is<typeof f, Fiber<string[]>>(true)
}

function* forgets() {
  // @ts-expect-error a spawn that is not performed has no handle
  yield* spawn(fib(3)).join()
  // @ts-expect-error nor anything to interrupt
  yield* spawn(fib(3)).interrupt()
}

is<Promise<number>, ReturnType<typeof promised>>(true)
function promised() {
  return toPromise(fib(3), { timeout: 5, signal: AbortSignal.timeout(5), name: "fib" })
}
async function iterates() {
  for await (const page of toAsyncIterable(yieldsPages(), { buffer: 2 })) is<typeof page, string>(true)
  const last = await toAsyncIterable(yieldsPages()).next()
  if (last.done) is<typeof last.value, number>(true)
  // @ts-expect-error a promise is no computation
  await toPromise(Promise.resolve(1))
  // @ts-expect-error it stays on its thread
  await toPromise(fib(3), { prefer: 1 })
  // @ts-expect-error an operation is no computation
  toAsyncIterable(sleep(1))
}
void iterates
declare function yieldsPages(): Resumable<number, string>
declare function asyncNumbers(): AsyncGenerator<number>
function* infers() {
  const a = yield* spawn(id(3))
  is<typeof a, Fiber<number>>(true)
  const b = yield* spawn(over("x"))
  is<typeof b, Fiber<string>>(true)
  const c = yield* spawn(opt(1), { name: "o", timeout: 5, signal: AbortSignal.timeout(5) })
  is<typeof c, Fiber<boolean>>(true)
  const d = yield* c.join()
  is<typeof d, boolean>(true)
  const s = yield* sleep(1)
  is<typeof s, void>(true)
  const w = yield* wait(async () => 5, { signal: AbortSignal.timeout(5) })
  is<typeof w, number>(true)
  const p = yield* wait(Promise.resolve("text"))
  is<typeof p, string>(true)
  for (const item of each(asyncNumbers())) is<typeof item, number>(true)
  for (const item of each((signal: AbortSignal) => signal && asyncNumbers(), { grace: 5 }))
    is<typeof item, number>(true)
  for (const line of lines(process.stdin)) is<typeof line, string>(true)
  for (const chunk of chunks(process.stdin, { destroy: false })) is<typeof chunk, Buffer>(true)
  for (const chunk of chunks<Date>(process.stdin)) is<typeof chunk, Date>(true)
  const written = yield* writeTo(process.stdout, "x", { end: true })
  is<typeof written, void>(true)
  const bare = yield* suspend()
  is<typeof bare, void>(true)
  const resumed = yield* suspend<string>(resume => setTimeout(resume.resolve, 1, "x"), { timeout: 5 })
  is<typeof resumed, string>(true)
  const byFiber = yield* suspend<number>(function* (resume) {
    is<typeof resume, Resumer<number>>(true)
    const first = yield* resume.with(1)
    is<typeof first, boolean>(true)
  })
  is<typeof byFiber, number>(true)
  const i = yield* a.interrupt("enough")
  is<typeof i, Interruption>(true)
  return 1
}
is<ReturnType<typeof infers>, Generator<never, number, unknown>>(true)

is<ResultOf<typeof fib>, number>(true)
is<ResultOf<Fiber<string>>, string>(true)
is<ResultOf<Operation<Date>>, Date>(true)
is<ResultOf<Promise<boolean>>, boolean>(true)
is<ResultOf<() => Generator<never, bigint, unknown>>, bigint>(true)

interface Page {
  n: number
}
/** Operations never leak into the output stream. */
function* pages(): Resumable<void, Page> {
  yield { n: 1 }
  yield* sleep(1)
}
function* reads() {
  for (const page of pages()) is<typeof page, Page>(true)
}
function* mutual(n: number): Resumable<boolean> {
  return n === 0 ? true : !(yield* mutual2(n - 1))
}
function* mutual2(n: number): Resumable<boolean> {
  return n === 0 ? false : !(yield* mutual(n - 1))
}
function* sent(): Generator<number, string, boolean> {
  yield* sleep(1)
  const answer = yield 1
  is<typeof answer, boolean>(true)
  return ""
}
function* spawnsSent() {
  const r = yield* spawn(sent())
  is<typeof r, Fiber<string>>(true)
  yield 5
  const q = yield* sleep(1)
  return q
}
function* method() {
  const o = {
    *m(this: { k: number }, _x: string) {
      yield* sleep(1)
      return this.k
    },
    k: 1,
  }
  const n = yield* (yield* spawn(o.m("x"))).join()
  is<typeof n, number>(true)
}
function* wider() {
  const narrow: Fiber<number> = yield* spawn(fib(1))
  const wide: Fiber<number | string> = narrow
  return wide
}

async function main() {
  await using pool = await Pool.start({ workers: 2 })
  const n = await pool.run(fib(30), { signal: AbortSignal.timeout(5), timeout: 60_000, name: "fib" })
  is<typeof n, number>(true)
  const s = await pool.run(over("x"))
  is<typeof s, string>(true)
  const d = await pool.run(sent())
  is<typeof d, string>(true)
  await using handle = pool.run(fib(3))
  const id: string = handle.id
  await handle.interrupt("enough")
  // @ts-expect-error a forgotten star
  await pool.run(yieldsOperation())
  // @ts-expect-error there is no thread yet that it could be tied to
  await pool.run(fib(1), { pinned: "here" })
  // @ts-expect-error an operation is not a computation
  await pool.run(sleep(1))
  // @ts-expect-error a promise is not a computation
  await pool.run(fetch("x"))
  // @ts-expect-error the function instead of a call of it
  await pool.run(fib)
  // @ts-expect-error the result is a number
  const wrong: string = await pool.run(fib(1))
  return [id, wrong]
}
async function alone() {
  const host = new LocalHost({ clock: new VirtualClock() })
  const n = await host.run(fib(30))
  is<typeof n, number>(true)
  // @ts-expect-error a forgotten star
  await host.run(yieldsOperation())
}
function* variables() {
  const tenant = new ContextVar("tenant", { default: "none" })
  const settings = new ContextVar<{ deep: number }>("settings")
  is<ReturnType<typeof tenant.get>, string>(true)
  const token = tenant.set("a")
  tenant.reset(token)
  // @ts-expect-error a number is not a string
  tenant.set(1)
  // @ts-expect-error a token of another variable's type
  settings.reset(token)
  yield* sleep(currentThread().id)
  const me = currentFiber()
  // @ts-expect-error there may be no fiber
  me.id
  return me?.name
}

// A forgotten star.

function* yieldsOperation() {
  yield sleep(1)
  return 1
}
function* yieldsComputation() {
  yield fib(1)
  return 1
}
function* yieldsPromise() {
  yield fetch("x")
  return 1
}
function* forgottenStar() {
  // @ts-expect-error yield of an operation
  yield* spawn(yieldsOperation())
  // @ts-expect-error yield of a computation
  yield* spawn(yieldsComputation())
  // @ts-expect-error yield of a promise
  yield* spawn(yieldsPromise())
}
/** An annotation says what may be yielded. */
function* annotated(): Resumable<number> {
  // @ts-expect-error nothing may be yielded here
  yield sleep(1)
  return 1
}

// A forgotten `yield*`, and what is no computation.

function* forgotten(): Resumable<number> {
  const f = spawn(fib(1))
  // @ts-expect-error an operation is not yet a fiber
  f.join()
  // @ts-expect-error an operation is not a computation
  spawn(sleep(1))
  // @ts-expect-error a number is not a computation
  yield* spawn(yield* fib(1))
  // @ts-expect-error the function instead of a call of it
  yield* spawn(fib)
  // @ts-expect-error a promise needs wait
  yield* fetch("x")
  // @ts-expect-error an async function is no computation
  yield* spawn(async () => 1)
  // @ts-expect-error a Response is not a string
  const v: string = yield* wait(fetch("x"))
  // @ts-expect-error a number is no promise
  yield* wait(5)
  // @ts-expect-error what can be iterated at once needs no each
  for (const _ of each([1])) break
  // @ts-expect-error a path is no stream
  for (const _ of lines("file.txt")) break
  // @ts-expect-error nothing can be written to it
  yield* writeTo(asyncNumbers(), "x")
  // @ts-expect-error it is resumed with what it waits for
  yield* suspend<number>(resume => resume.resolve("x"))
  // @ts-expect-error without the function there is nothing to limit
  yield* suspend(undefined, { timeout: 5 })
  // @ts-expect-error milliseconds are numbers
  yield* sleep("1")
  // @ts-expect-error no such option
  yield* spawn(fib(1), { nmae: "x" })
  void v
  // @ts-expect-error an operation is not its result
  return spawn(fib(1))
}
function* wrongArguments() {
  // @ts-expect-error arguments are those of the function
  yield* spawn(fib("1"))
  const narrow: Fiber<number | string> = yield* spawn(over(1))
  // @ts-expect-error a wider fiber is not a narrower one
  const wrong: Fiber<number> = narrow
  return wrong
}

// Un-annotated recursion has no type to begin with: annotate `Resumable<T>`.
// @ts-expect-error TS7023
function* unannotated(n: number) {
  if (n < 2) return n
  // @ts-expect-error TS7022
  const f = yield* spawn(unannotated(n - 1))
  // @ts-expect-error TS7022
  const r = yield* f.join()
  return r
}

export {
  alone,
  annotated,
  forgets,
  forgotten,
  forgottenStar,
  infers,
  main,
  method,
  mutual,
  reads,
  spawnsSent,
  unannotated,
  variables,
  walks,
  wider,
  wrongArguments,
  wrongLifetimes,
}

// Lifetime: results, keys and tuples stay.

type Nothing = ResultOf<ReturnType<typeof sleep>>

function* lifetimes() {
  const fiber = yield* spawn(fib(1))
  const record = yield* all({ a: fib(1), b: spawn(id("s")), c: sleep(1), d: fiber })
  is<typeof record, { a: number; b: Fiber<string>; c: Nothing; d: number }>(true)
  const tuple = yield* all([fib(1), id("q"), fiber])
  is<typeof tuple, [number, string, number]>(true)
  const list = yield* all([1, 2, 3].map(n => fib(n)))
  is<typeof list, number[]>(true)
  const frozen = [fib(1), id("x")] as const
  const fromFrozen = yield* all(frozen)
  is<typeof fromFrozen, [number, string]>(true)
  const settled = yield* allSettled([fib(1), id(true)])
  is<typeof settled, [Settled<number>, Settled<boolean>]>(true)
  const [half] = settled
  if (half.status === "fulfilled") is<typeof half.value, number>(true)
  const first = yield* race([fib(1), id("q"), sleep(5)])
  is<typeof first, number | string | Nothing>(true)
  const one = yield* any([fib(1), id("q")])
  is<typeof one, number | string>(true)
  const mapped = yield* map(
    [1, 2, 3],
    function* (x) {
      yield* sleep(1)
      return String(x)
    },
    { concurrency: 2 },
  )
  is<typeof mapped, string[]>(true)
  const numbers: number[] = yield* map([1, 2], id)
  const nothing = yield* forEach(new Set(["a"]), function* (x, i) {
    is<typeof x, string>(true)
    is<typeof i, number>(true)
  })
  is<typeof nothing, void>(true)
  const sum = yield* reduce(numbers, function* (a, b) {
    return a + b
  })
  is<typeof sum, number>(true)
  const scoped = yield* scope(function* () {
    const child = yield* spawn(fib(3))
    return yield* child.join()
  })
  is<typeof scoped, number>(true)
  const timely = [yield* timeout(5, fib(3)), yield* timeout(5, fiber.join())]
  is<typeof timely, number[]>(true)
  const bodily = yield* timeout(5, function* () {
    return (yield* fib(3)) > 1
  })
  is<typeof bodily, boolean>(true)
  const set = yield* all(new Set([fib(1), fib(2)]))
  is<typeof set, number[]>(true)
  const raced = yield* race(new Map([["a", id("x")]]).values())
  is<typeof raced, string>(true)
  const until = yield* deadline(now() + 5, function* () {
    return timeLeft() > 0
  })
  is<typeof until, boolean>(true)
  const kept = yield* uninterruptible(function* (restore) {
    const value = yield* restore(id("open"))
    is<typeof value, string>(true)
    yield* restore(sleep(1))
    return 1 as const
  })
  is<typeof kept, 1>(true)
  const again = yield* retry(
    function* (attempt) {
      is<typeof attempt, number>(true)
      return yield* id("x")
    },
    { attempts: 3, when: error => error instanceof TypeError },
  )
  is<typeof again, string>(true)
  yield* defer(clean())
  yield* defer(clean)
  yield* onExit(function* (outcome) {
    is<typeof outcome, FiberOutcome>(true)
  })
  const stray = yield* detach(id(1), { name: "stray" })
  is<typeof stray, Fiber<number>>(true)
  yield* sleepUntil(new Date())
  for (const tick of interval(5)) {
    is<typeof tick, number>(true)
    if (tick > 2) break
  }
}
is<ReturnType<typeof lifetimes>, Generator<never, void, unknown>>(true)
function* clean(): Resumable<void> {}
function* yields() {
  yield 1
}

function* wrongLifetimes() {
  // @ts-expect-error a promise is no branch: wait(promise) is
  yield* all([fib(1), fetch("x")])
  // @ts-expect-error nor is a value
  yield* all({ a: 1 })
  // @ts-expect-error a race needs a list
  yield* race({ a: fib(1) })
  // @ts-expect-error what settled may have failed
  const failed: number = (yield* allSettled([fib(1)]))[0].value
  // @ts-expect-error the body itself, not a computation
  yield* scope(fib(1))
  // @ts-expect-error a scope has no output stream
  yield* scope(yields)
  // @ts-expect-error nor has what is timed
  yield* timeout(5, yields())
  // @ts-expect-error milliseconds come first
  yield* timeout(fib(1), 5)
  // @ts-expect-error an async function is no body
  yield* scope(async () => 1)
  // @ts-expect-error the function of a map makes computations
  yield* map([1], x => x + 1)
  // @ts-expect-error and takes the items that there are
  yield* map(["a"], fib)
  // @ts-expect-error what is combined is what was combined
  yield* reduce([1, 2], function* (a: number, b: number) {
    return `${a}${b}`
  })
  // @ts-expect-error an option that there is not
  yield* map([1], fib, { concurency: 2 })
  // @ts-expect-error a cleanup gives nothing
  yield* defer(fib(1))
  // @ts-expect-error and is not performed where it is deferred
  yield* defer(yield* clean())
  // @ts-expect-error a policy is no number
  yield* retry(fib, 3)
  // @ts-expect-error a moment is no text
  yield* sleepUntil("tomorrow")
  // @ts-expect-error what is detached is a computation
  yield* detach(sleep(1))
  // @ts-expect-error the result of the branches is no list of another type
  const words: string[] = yield* all([fib(1), fib(2)])
  return [failed, words]
}

// channels and select
declare const numbers: Channel<number>
export function* selects(): Resumable<void> {
  const x = yield* select({ msg: numbers.receive(), tick: sleep(10) })
  if (x.key === "msg") is<typeof x.value, number>(true)
  else is<typeof x.value, void>(true)
  const y = yield* select({ msg: numbers.receive(), default: "none" })
  if (y.key === "default") is<typeof y.value, "none">(true)
  else is<typeof y.value, number>(true)
  const received = yield* numbers.receive({ timeout: 5 })
  is<typeof received, number>(true)
  const tried = yield* numbers.tryReceive()
  is<typeof tried, { readonly value: number } | undefined>(true)
  const sent = yield* numbers.trySend(1)
  is<typeof sent, boolean>(true)
  for (const n of numbers) is<typeof n, number>(true)
  // @ts-expect-error it takes numbers
  yield* numbers.send("text")
  // @ts-expect-error no operation
  yield* select({ msg: 5 })
  // @ts-expect-error a timeout is a number
  yield* numbers.receive({ timeout: "soon" })
}

// messages, links, supervisors
class Order {
  readonly item: string = ""
}
declare const other: Fiber<number>
export function* processes(): Resumable<void> {
  const order = yield* receive(Order)
  is<typeof order, Order>(true)
  const text = yield* receive((m): m is string => typeof m === "string", { timeout: 5 })
  is<typeof text, string>(true)
  const anything = yield* receive()
  is<typeof anything, unknown>(true)
  const expected = yield* receive<number>()
  is<typeof expected, number>(true)
  const shaped = yield* receive({ kind: "ping" })
  is<(typeof shaped)["kind"], "ping">(true)
  const question = yield* receive(Question)
  is<typeof question, Question<unknown>>(true)
  const replied = yield* question.reply(1)
  is<typeof replied, boolean>(true)
  const answer = yield* ask<number>(other, "what?")
  is<typeof answer, number>(true)
  yield* tell("a name", 1)
  yield* link(other)
  const ref = yield* monitor(other)
  is<typeof ref, string>(true)
  const down = yield* receive(Down)
  is<typeof down.fiber, Fiber<unknown>>(true)
  const exited = yield* receive(Exit)
  is<typeof exited.reason, unknown>(true)
  yield* exit(other, "kill")
  yield* register("name")
  const found = yield* whereis("name")
  is<typeof found, Fiber<unknown> | null>(true)
  yield* spawn(supervisor({ children: [{ start: () => fib(1) }], strategy: "rest for one" }))
  // @ts-expect-error no fiber
  yield* tell(5, 1)
  // @ts-expect-error a child has a start
  yield* spawn(supervisor({ children: [{ name: "nobody" }] }))
  // @ts-expect-error a strategy that there is not
  yield* spawn(supervisor({ children: [], strategy: "all" }))
  // @ts-expect-error forgotten star
  const wrong: Order = receive(Order)
  return void wrong
}

// coroutines, regions, calls
export function* stacks(): Resumable<void> {
  const other = new Coroutine<number, string>(function* (first: number): Resumable<void> {
    is<typeof first, number>(true)
  })
  const back = yield* other.switchTo(1)
  is<typeof back, string>(true)
  // @ts-expect-error it takes numbers
  yield* other.switchTo("text")
  // @ts-expect-error and always one
  yield* other.switchTo()
  const sum = yield* atomic(fib(3))
  is<typeof sum, number>(true)
  const inner = yield* noSwitch(function* () {
    return "text"
  })
  is<typeof inner, string>(true)
  yield* pinned("why", noBlock(fib(1)) as never)
  const answer = yield* restorable()
  is<typeof answer, Restorable>(true)
  if (answer.restorable) is<typeof answer.bytes, number>(true)
  else is<typeof answer.reason, string>(true)
  const called = yield* callAsync(async (n: number) => `${n}`, 5)
  is<typeof called, string>(true)
  // @ts-expect-error its arguments are checked
  yield* callAsync(async (n: number) => n, "text")
  // @ts-expect-error a reason comes first
  yield* pinned(fib(1))
}
