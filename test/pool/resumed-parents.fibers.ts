"use fibers"
/** The fibers of `resumed-parents.test.ts`. */
import {
  all,
  allSettled,
  currentThread,
  type Fiber,
  type Operation,
  type Resumable,
  race,
  scope,
  select,
  sleep,
  spawn,
} from "rove"

/** Ends in the pool of the name "second", or in that of the name "last". */
function* after(runtimes: 1 | 2, how: "returns" | "throws" = "returns"): Resumable<number> {
  while (!currentThread().name.startsWith(runtimes === 1 ? "second" : "last")) yield* sleep(2)
  if (how === "throws") throw new RangeError(`failed after ${runtimes}`)
  return runtimes
}

type Wait = (quick: Fiber<number>, slow: Fiber<number>) => Resumable<unknown>

function* joins(quick: Fiber<number>): Resumable<unknown> {
  return yield* quick.join()
}
function* both(quick: Fiber<number>, slow: Fiber<number>): Resumable<unknown> {
  return yield* all([slow, quick])
}
function* settled(quick: Fiber<number>, slow: Fiber<number>): Resumable<unknown> {
  return yield* allSettled([slow, quick])
}
function* first(quick: Fiber<number>, slow: Fiber<number>): Resumable<unknown> {
  return yield* race([slow, quick])
}
function* chosen(quick: Fiber<number>, slow: Fiber<number>): Resumable<unknown> {
  return yield* select({ slow: slow.join() as Operation<number>, quick: quick.join() as Operation<number> })
}
const WAITS: Readonly<Record<string, Wait>> = { joins, both, settled, first, chosen }

/** Spawns a child that ends in the next runtime, and one that ends in the last one; says how the wait for them ended. */
export function* parent(how: string, quickly: "returns" | "throws" = "returns"): Resumable<unknown> {
  const quick = yield* spawn(after(1, quickly), { name: "quick" })
  const slow = yield* spawn(after(2), { name: "slow" })
  try {
    return yield* (WAITS[how] as Wait)(quick, slow)
  } catch (error) {
    return `caught ${String(error)}`
  }
}

/** As `parent`; its end waits for both. */
export function* lasts(): Resumable<unknown> {
  return yield* scope(inScope)
}
function* inScope(): Resumable<unknown> {
  yield* spawn(after(1), { name: "quick" })
  yield* spawn(after(2), { name: "slow" })
  return "outlasted"
}

/** Its child may have ended when its pool closes, or be a record: whichever, it hears of it. */
export function* hurried(ms: number, together: boolean): Resumable<number> {
  const child = yield* spawn(naps(ms))
  yield* sleep(1)
  const [more] = together ? yield* all([child, naps(3 * ms)]) : [yield* child.join()]
  return more
}
function* naps(ms: number): Resumable<number> {
  yield* sleep(ms)
  let sum = 0
  for (let i = 0; i < 2000; i++) sum += i % 7
  return sum >= 0 ? ms : -1
}

/** Joins a child on that thread, which sleeps for so long. */
export function* joinsOn(thread: number, ms: number): Resumable<number> {
  const child = yield* spawn(naps(ms), { prefer: thread, name: "elsewhere" })
  return yield* child.join()
}
/** Its thread dies after so long. */
export function* dooms(ms: number): Resumable<void> {
  globalThis.setTimeout(() => process.exit(3), ms)
}
/** Holds its thread for so long. */
export function* holds(ms: number): Resumable<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
