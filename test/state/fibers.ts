"use fibers"
/** The fibers of `state.test.ts`: each looks at one part of its state, goes to the other thread, and looks again. */
import { threadId } from "node:worker_threads"
import {
  ContextVar,
  currentFiber,
  currentThread,
  FiberLocal,
  type HookEvent,
  handledExceptions,
  mutex,
  onFiberExit,
  pin,
  type Resumable,
  setProfile,
  setTrace,
  sleep,
  spawn,
  stack,
  suspend,
  ThreadLocal,
  ThreadMutex,
  untraced,
  wait,
} from "rove"

const tenant = new ContextVar("tenant", { default: "none" })
const local = new FiberLocal<string>("local", { initial: () => "initial" })
const own = new ThreadLocal("own", { initial: () => `of thread ${threadId}` })

/** How many more calls there are until the limit. */
function* left(n: number): Resumable<number> {
  try {
    return yield* left(n + 1)
  } catch {
    return n
  }
}

/** How deep it goes at first, and after the move from three frames further down. */
export function* recursion(): Resumable<number[]> {
  const before = yield* left(0)
  return [before, yield* down(3)]
}
function* down(n: number): Resumable<number> {
  if (n > 0) return yield* down(n - 1)
  yield* suspend()
  return yield* left(0)
}

/** Handles the limit error at the limit, on the other thread, with calls of its own. */
export function* headroom(): Resumable<string> {
  return yield* overflow()
}
function* overflow(): Resumable<string> {
  try {
    return yield* overflow()
  } catch (error) {
    if (!first.taken) {
      first.taken = true
      yield* suspend()
      return yield* explain(error as Error, 5)
    }
    throw error
  }
}
const first = { taken: false }
function* explain(error: Error, n: number): Resumable<string> {
  return n === 0 ? error.name : yield* explain(error, n - 1)
}

/** Much deeper than either machine stack. */
export function* deep(): Resumable<number[]> {
  const here = yield* sum(60_000)
  yield* suspend()
  return [here, yield* sum(60_000)]
}
function* sum(n: number): Resumable<number> {
  return n === 0 ? 0 : n + (yield* sum(n - 1))
}

export function* frames(): Resumable<unknown[]> {
  const a = { name: "a" }
  return [a.name, ...(yield* middle(a)), a.name]
}
function* middle(a: { name: string }): Resumable<unknown[]> {
  const b = [1, 2]
  const inner = yield* innermost(a)
  return [...b, ...inner]
}
function* innermost(a: { name: string }): Resumable<unknown[]> {
  let count = 7
  yield* suspend()
  a.name = "changed"
  return [++count, (yield* stack()).map(frame => frame.name).join(" < ")]
}

export function* handled(): Resumable<string[]> {
  try {
    throw new RangeError("outer")
  } catch {
    return yield* handledInside()
  }
}
function* handledInside(): Resumable<string[]> {
  try {
    throw new TypeError("inner")
  } catch {
    const before = (yield* handledExceptions()).map(String)
    yield* suspend()
    return [...before, ...(yield* handledExceptions()).map(String)]
  }
}

export function* variables(): Resumable<string[]> {
  tenant.set("blue")
  const seen = [tenant.get()]
  yield* suspend()
  seen.push(tenant.get())
  return seen
}

/** What it calls reads its variables, also when that goes on later, between slices. */
export function* helpers(): Resumable<string[]> {
  tenant.set("blue")
  yield* suspend()
  return [helper(), ...(yield* wait(asyncHelper()))]
}
function helper(): string {
  return tenant.get()
}
async function asyncHelper(): Promise<string[]> {
  const before = tenant.get()
  await new Promise(resolve => setTimeout(resolve, 1))
  return [before, tenant.get()]
}

/** Beside others with other values, of which the thread remembers one. */
export function* cached(name: string): Resumable<boolean> {
  tenant.set(name)
  for (let hop = 0; hop < 10; hop++) {
    yield* suspend()
    for (let i = 0; i < 1000; i++) if (tenant.get() !== name) return false
  }
  return true
}

export interface Log {
  readonly lines: string[]
}
export function note({ kind, name }: HookEvent, log: Log): void {
  log.lines.push(`${kind} ${name}`)
}
function* leaf(): Resumable<void> {}

export function* traced(): Resumable<string[]> {
  const log: Log = { lines: [] }
  yield* setTrace(note, log)
  yield* suspend()
  yield* leaf()
  yield* setTrace(null)
  return log.lines
}

export function* profiled(): Resumable<string[]> {
  const log: Log = { lines: [] }
  yield* setProfile(note, log)
  yield* suspend()
  yield* leaf()
  yield* setProfile(null)
  return log.lines
}

export function* tracing(): Resumable<string[]> {
  const log: Log = { lines: [] }
  yield* setTrace(note, log)
  yield* untraced(silently())
  yield* leaf()
  yield* setTrace(null)
  return log.lines
}
function* silently(): Resumable<void> {
  yield* suspend()
  yield* leaf()
}

export function* threads(): Resumable<unknown[]> {
  const before = seen()
  yield* suspend()
  return [before, seen()]
}
function seen(): object {
  const { id, nativeId, name, isMain, runtimeId } = currentThread()
  return { id, nativeId, name, isMain, runtimeId }
}

export function* threadLocals(): Resumable<string[]> {
  const before = ownOf()
  yield* suspend()
  return [before, ownOf()]
}
function ownOf(): string {
  using _ = pin("reads its thread-local")
  return own.get()
}

export function* fiberLocals(): Resumable<string[]> {
  local.set("mine")
  yield* suspend()
  return [local.get()]
}

const closing = new FiberLocal<Log>("closing", { cleanup: log => ending({}, log) })
export function* cleanups(): Resumable<Log> {
  const log: Log = { lines: [] }
  closing.set(log)
  yield* suspend()
  return log
}

export function* exits(): Resumable<Log> {
  const log: Log = { lines: [] }
  onFiberExit(ending, log)
  yield* suspend()
  return log
}
function ending(_: object, log: Log): void {
  log.lines.push(`ended on thread ${currentThread().id}`)
}

export function* who(): Resumable<(string | undefined)[]> {
  const before = currentFiber()?.id
  yield* suspend()
  return [before, currentFiber()?.id]
}

/** How many of its microtasks have run on the other thread, and on the one that it left, when it is back there. */
export function* microtasks(): Resumable<number[]> {
  done.count = 0
  queueMicrotask(countOne)
  yield* suspend()
  const there = done.count
  yield* suspend()
  return [there, done.count]
}
const done = { count: 0 }
function countOne(): void {
  done.count++
}

export function* environment(): Resumable<(string | undefined)[]> {
  process.env.ROVE_TEST_STATE = "set by thread 1"
  const before = process.env.ROVE_TEST_STATE
  yield* suspend()
  return [before, process.env.ROVE_TEST_STATE]
}

export function* keeps(): Resumable<unknown> {
  const thread = currentThread()
  yield* suspend()
  return thread.id
}

/** In which order two children begin: one has its priority, and the other, which would be first, that of most fibers. */
export function* priority(): Resumable<number[]> {
  yield* suspend()
  const turns = new Int32Array(new SharedArrayBuffer(4))
  const own = yield* spawn(begins(turns))
  const normal = yield* spawn(begins(turns), { priority: "normal" })
  yield* sleep(1)
  return [yield* own.join(), yield* normal.join()]
}
function* begins(turns: Int32Array): Resumable<number> {
  return Atomics.add(turns, 0, 1)
}

const table = new ThreadMutex("the table")
/** Tries to move with a lock of its thread, and then with one of its own. */
export function* locks(): Resumable<unknown[]> {
  const seen: unknown[] = []
  try {
    using _ = table.lock()
    yield* suspend()
  } catch (error) {
    seen.push((error as Error).message)
  }
  const guard = yield* mutex().lock()
  yield* suspend()
  return [...seen, table.locked, guard.held]
}

/** How many lines of who spawned it the stack has, and whether they say file and place, before and after the move. */
export function* origin(): Resumable<unknown[]> {
  const before = (yield* stack()).filter(frame => frame.origin === true)
  yield* suspend()
  const after = (yield* stack()).filter(frame => frame.origin === true)
  return [before, after].flatMap(frames => [
    frames.length,
    frames.every(({ code, line }) => /\.ts$/.test(code) && line > 0),
  ])
}
