"use fibers"
/** The fibers of `invariants.test.ts`. */
import { writeSync } from "node:fs"
import { threadId } from "node:worker_threads"
import {
  byReference,
  ContextVar,
  contextSnapshot,
  currentFiber,
  currentThread,
  detach,
  FiberLocal,
  handledExceptions,
  pin,
  type Resumable,
  type RoveError,
  setTrace,
  sleep,
  spawn,
  stack,
  suspend,
  ThreadLocal,
  wait,
} from "rove"

const tenant = new ContextVar("tenant", { default: "none" })
const own = new ThreadLocal("own", { initial: () => ({ of: threadId, looks: 0 }) })
const held = new ContextVar<object | null>("held", { default: null, transfer: "refuse" })

/** 2: what it sees of its thread and of itself at each slice. */
export function* diary(hops: number): Resumable<[number, string | undefined][]> {
  const seen: [number, string | undefined][] = []
  for (let hop = 0; hop < hops; hop++) {
    if (hop > 0) yield* suspend()
    seen.push([currentThread().id, currentFiber()?.id])
  }
  return seen
}

/** 1: what a thread is and has, and how often somebody has looked. */
export function* ofThread(): Resumable<unknown[]> {
  using _ = pin("reads what is its thread's")
  const { id, nativeId, name, isMain, runtimeId } = currentThread()
  own.get().looks++
  return [{ id, nativeId, name, isMain, runtimeId }, { ...own.get() }]
}
const luggage = new FiberLocal<string>("luggage")
/** 1: brings along what a fiber can have, and ends on the other thread, or stays there, whichever it is told. */
export function* visits(how: "returns" | "throws" | "stays"): Resumable<void> {
  luggage.set(how)
  tenant.set(how)
  yield* suspend()
  const { id } = currentThread()
  luggage.set(`${how} on ${id}`)
  tenant.set(`${how} on ${id}`)
  if (how === "stays") yield* sleep(1e9)
  if (how === "throws") throw new Error("thrown by a visitor")
}

/** 3: takes turns with another fiber that has another value. */
export function* alternates(name: string, turns: number): Resumable<number> {
  tenant.set(name)
  let wrong = 0
  for (let turn = 0; turn < turns; turn++) {
    yield* wait(Promise.resolve()) // as sleep(0), which takes a millisecond
    for (let i = 0; i < 100; i++) if (tenant.get() !== name) wrong++
  }
  return wrong
}

/** 19: its hook is known to the first thread alone. */
export function* watched(): Resumable<void> {
  if (currentThread().id === 1) byReference("known to thread 1", onlyHere)
  yield* setTrace(onlyHere)
  yield* suspend()
}
const onlyHere = (() => () => {})()

/** 5: sets a variable here, and in two children one after the other; what was there before is what it had itself. */
export function* sets(name: string): Resumable<string[]> {
  const seen = [tenant.get()]
  tenant.set(name)
  yield* suspend()
  seen.push(tenant.get())
  const children = [yield* spawn(setsToo(name)), yield* spawn(setsToo(name))]
  for (const child of children) seen.push(yield* child.join(), tenant.get())
  return seen
}
function* setsToo(name: string): Resumable<string> {
  const inherited = tenant.get()
  tenant.set(`${name}'s child`)
  return inherited
}

/** 5: iterates computations that rest inside of contexts of their own, one across the other, with a move between. */
export function* iterates(): Resumable<(string | undefined)[]> {
  tenant.set("outer")
  const [one, two] = [inContext("one"), inContext("two")]
  const seen: (string | undefined)[] = []
  for (const each of [one, two, one, two, one, two, one, two]) {
    seen.push(each.next().value as string | undefined, tenant.get())
    yield* suspend()
    seen.push(tenant.get())
  }
  inContext("abandoned").next()
  return [...seen, tenant.get()]
}
function* inContext(name: string): Resumable<void, string> {
  yield* tenant.run(name, reads())
}
function* reads(): Resumable<void, string> {
  yield tenant.get()
  const token = tenant.set(`${tenant.get()}, set`)
  yield tenant.get()
  tenant.reset(token)
  yield tenant.get()
}

/** 7: is in a context, goes to the other thread, and is still in it there. */
export function* enters(): Resumable<(string | null)[]> {
  const context = contextSnapshot()
  const inside = yield* context.run(again(context))
  return [...inside, codeOf(() => context.run(() => "left"))]
}
function* again(context: ReturnType<typeof contextSnapshot>): Resumable<(string | null)[]> {
  const before = codeOf(() => context.run(() => 1))
  const child = yield* spawn(elsewhere(context))
  const inChild = yield* child.join()
  yield* suspend()
  return [before, inChild, codeOf(() => context.run(() => 1))]
}
function* elsewhere(context: ReturnType<typeof contextSnapshot>): Resumable<string | null> {
  return codeOf(() => context.run(() => 1))
}
function codeOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    return (error as RoveError).code
  }
}

/** 8: tokens before and after a move. */
export function* tokens(): Resumable<(string | null)[]> {
  const used = tenant.set("a")
  tenant.reset(used)
  const token = tenant.set("b")
  const inRun = tenant.run("c", () => codeOf(() => tenant.reset(token)))
  yield* suspend()
  const child = yield* spawn(resets(token))
  const [inChild, copy] = yield* child.join()
  const results = [
    inRun,
    codeOf(() => tenant.reset(used)),
    inChild,
    codeOf(() => tenant.reset(copy)),
    codeOf(() => held.reset(token as never)),
    codeOf(() => tenant.reset(token)),
    tenant.get(),
    codeOf(() => tenant.reset(token)),
  ]
  return results
}
type Token = ReturnType<typeof tenant.set>
function* resets(token: Token): Resumable<[string | null, Token]> {
  return [codeOf(() => tenant.reset(token)), token]
}

/** 9: a throw out of `run`, on the other thread. */
export function* throwsOut(): Resumable<string[]> {
  const seen: string[] = []
  tenant.set("outer")
  try {
    yield* tenant.run("inner", fails(seen))
  } catch (error) {
    seen.push((error as Error).message, tenant.get())
  }
  return seen
}
function* fails(seen: string[]): Resumable<void> {
  try {
    yield* suspend()
    throw new Error("thrown")
  } finally {
    seen.push(tenant.get())
  }
}

/** 10: the record is refused, by the variable's name. */
export function* unportable(): Resumable<void> {
  held.set({ socket: true })
  yield* suspend()
}

/** 11: seven points of a nested try/catch over two frames, with a move (or none) at each. */
export function* points(move: boolean): Resumable<string[][]> {
  const seen: string[][] = []
  yield* look(seen, move) // 1: nothing is handled
  try {
    throw new RangeError("first")
  } catch {
    yield* look(seen, move) // 2
    yield* below(seen, move)
    yield* look(seen, move) // 6
  }
  yield* look(seen, move) // 7
  return seen
}
function* below(seen: string[][], move: boolean): Resumable<void> {
  yield* look(seen, move) // 3: of the caller
  try {
    try {
      throw new TypeError("second")
    } catch {
      yield* look(seen, move) // 4
      throw new SyntaxError("third")
    } finally {
      yield* look(seen, move) // 5: on its way through
    }
  } catch {}
}
function* look(seen: string[][], move: boolean): Resumable<void> {
  const before = (yield* handledExceptions()).map(String)
  if (move) yield* suspend()
  const after = (yield* handledExceptions()).map(String)
  seen.push(after, ...(String(before) === String(after) ? [] : [["differs"], before]))
}

/** 12: a child that is started in a catch, by a parent that has asked what it handles. */
export function* fresh(): Resumable<number[]> {
  try {
    throw new Error("handled by the parent")
  } catch {
    const own = yield* handling()
    const child = yield* spawn(handling())
    return [own, yield* child.join()]
  }
}
function* handling(): Resumable<number> {
  return (yield* handledExceptions()).length
}

/** 13: an error with all that it can have. */
export class Refused extends TypeError {
  readonly code = "E_REFUSED"
  override readonly name = "Refused"
}
export function* errors(): Resumable<unknown[]> {
  const cause = new RangeError("cause")
  const error = Object.assign(new Refused("message", { cause }), { extra: { list: [1] } })
  const all = new AggregateError([error, cause, error], "several")
  const stackBefore = error.stack
  yield* suspend()
  const [first, second, third] = all.errors as Refused[]
  return [
    [error instanceof Refused, error.name, error.message, error.code, error.extra.list[0]],
    [error.cause === cause, first === error, second === cause, third === error, all instanceof AggregateError],
    error.stack === stackBefore && String(stackBefore).includes("fibers.ts"),
  ]
}

/** 14: `finally` blocks, with moves in and around them. */
export function* finallyOnce(moves: number): Resumable<string[]> {
  const log: string[] = []
  try {
    for (let i = 0; i < moves; i++) yield* suspend()
    throw new Error("out")
  } catch {
    yield* suspend()
    log.push("catch")
  } finally {
    yield* suspend()
    log.push("finally")
  }
  return log
}

/** 14: `finally` blocks that are left from within: by a throw, a `continue` and a `return`, behind a move each. */
export function* leavesFinally(): Resumable<string[]> {
  const log: string[] = []
  for (let i = 0; i < 2; i++) {
    try {
      yield* throwsInFinally(log, i)
    } catch (error) {
      log.push((error as Error).message)
    } finally {
      yield* suspend()
      log.push(`outer ${i}`)
      // biome-ignore lint/correctness/noUnsafeFinally: that it is left so is the point
      if (i === 0) continue
    }
    log.push("behind")
  }
  log.push(yield* returnsInFinally(log))
  return log
}
function* throwsInFinally(log: string[], i: number): Resumable<void> {
  try {
    yield* suspend()
    if (i === 0) throw new Error("replaced")
  } finally {
    log.push(`finally ${i}`)
    yield* suspend()
    // biome-ignore lint/correctness/noUnsafeFinally: that it is left so is the point
    if (log.length < 20) throw new Error(`from finally ${i}`) // without end, nobody would be told of it
  }
}
function* returnsInFinally(log: string[]): Resumable<string> {
  try {
    yield* suspend()
    return "replaced"
  } finally {
    log.push("returns")
    yield* suspend()
    // biome-ignore lint/correctness/noUnsafeFinally: that it is left so is the point
    return "from finally"
  }
}
/** 14: is interrupted on its first thread, while it waits; its `finally` blocks move. */
export function* interruptedOnce(): Resumable<string[]> {
  const log: string[] = []
  try {
    try {
      yield* sleep(1e9)
    } finally {
      log.push("inner")
      yield* suspend()
      log.push("inner, there")
    }
  } catch (error) {
    yield* suspend()
    log.push(String((error as { reason?: unknown }).reason))
  } finally {
    yield* suspend()
    log.push("outer")
  }
  return log
}

/** 16, 17, 18: the depth at which the limit is met, wherever that is. */
export function* limits(): Resumable<number[]> {
  const found = [yield* remaining()]
  yield* suspend()
  found.push(yield* remaining(), (yield* stack()).length)
  return found
}
function* remaining(): Resumable<number> {
  const log: number[] = []
  try {
    yield* until(log)
  } catch {}
  return log.length
}
function* until(log: number[]): Resumable<void> {
  log.push(1)
  yield* until(log)
}
/** Of each thread: how many wait there at their limit, and whether they may go on. */
const atLimit = new ThreadLocal("at their limit", {
  initial: () => ({ waiting: 0, mayGoOn: false }),
  inFibers: "allow",
})
/** 16: moves as deep as it may be, waits there, and then goes on until the limit. */
export function* atItsLimit(limit: number): Resumable<number> {
  return limit > 3 ? yield* atItsLimit(limit - 1) : yield* waitsDeep()
}
function* waitsDeep(): Resumable<number> {
  yield* suspend()
  atLimit.get().waiting++
  while (!atLimit.get().mayGoOn) yield* sleep(1)
  return yield* remaining()
}
/** 16: how deep it can go on each thread while so many stand at their limit there, and how deep a child can that begins there. */
export function* beside(others: number): Resumable<number[]> {
  const found: number[] = []
  for (let hop = 0; hop < 2; hop++) {
    if (hop > 0) yield* suspend()
    while (atLimit.get().waiting < others) yield* sleep(1)
    const child = yield* spawn(remaining())
    found.push(yield* remaining(), yield* child.join())
    atLimit.get().mayGoOn = true
  }
  return found
}
export function* startedDeep(n: number): Resumable<number[]> {
  if (n > 0) return yield* startedDeep(n - 1)
  const child = yield* spawn(depth())
  return yield* child.join()
}
/** How deep it is, and how much deeper it can go: twice, since the limit error is caught between. */
function* depth(): Resumable<number[]> {
  return [(yield* stack()).length, yield* remaining(), yield* remaining()]
}

/** 14 and 25, in a pool: outlives the fiber that starts it, and is found by nobody but the pool's end. */
export function* leaves(children: number): Resumable<string> {
  const begun = new Int32Array(new SharedArrayBuffer(4))
  for (let i = 0; i < children; i++) yield* detach(orphan(i, begun))
  while (Atomics.load(begun, 0) < children) yield* sleep(5) // one that has not begun would just never begin
  return "ended"
}
function* orphan(i: number, begun: Int32Array): Resumable<void> {
  try {
    Atomics.add(begun, 0, 1)
    if (i % 2 === 0) yield* sleep(1e9)
    else for (;;) yield* sleep(1)
  } finally {
    yield* sleep(5)
    writeSync(1, `orphan ${i}\n`)
  }
}
export function* brief(children: number): Resumable<void> {
  for (let i = 0; i < children; i++) yield* detach(soon(i))
  yield* sleep(20)
}
function* soon(i: number): Resumable<void> {
  yield* sleep(300)
  writeSync(1, `drained ${i}\n`)
}

/** Runs until an error comes from outside, addressed to its thread. */
export function* busy(): Resumable<string> {
  try {
    for (;;);
  } catch (error) {
    return (error as Error).message
  }
}
export function shout(text: string): void {
  writeSync(1, `${text} on ${currentThread().name}\n`)
}
