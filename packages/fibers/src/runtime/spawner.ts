/**
 * Owns the short ways of `yield* spawn(f(x))` and `yield* child.join()`: where `spawn` is ours and `f` compiled, the computation is handed over as
 * it is, with no generator object around it that nobody would ever see, and so are those that `all` and its like take; and where `join` is ours, it need not be looked up
 * whether it is a method of the language, nor be called as one that may be anything.
 */
import { type Closure, Computation, closureOf } from "@rove/core"
import { admitted } from "./admit.ts"
import { delegate } from "./delegate.ts"
import type { FiberState } from "./fiber.ts"
import type { Host } from "./host.ts"
import { deliverInterrupt } from "./interruption.ts"
import { append, apply, arrayPrototype, arrayPush, getPrototypeOf, includes, objectPrototype } from "./intrinsics.ts"
import type { Machine } from "./machine.ts"

interface Spawner {
  /** The function that programs import. */
  readonly fn: (computation: never) => unknown
  /** What performing the operation does that it returns, where the child has been admitted. */
  readonly begin: (child: FiberState, parent: FiberState, host: Host) => unknown
}

/** The method that handles have, and what it does; where there are no operations, nothing that a program could call. */
export const joiner: { fn: unknown; make: (handle: unknown) => unknown } = { fn: Symbol("join"), make: () => undefined }

/** The operation is not known here: it says itself what is meant. */
const known: { spawner: Spawner | null } = { spawner: null }
/** What was asked for last: a program mostly spawns the same function many times. */
const last: { fn: unknown; closure: Closure | undefined } = { fn: undefined, closure: undefined }

export function registerSpawner(spawner: Spawner): void {
  known.spawner = spawner
}

/** The closure of `fn`, if `spawn` is ours and a call of `fn` does no more than to keep its arguments. */
export function spawnable(spawn: unknown, fn: unknown): Closure | undefined {
  const { spawner } = known
  if (spawner === null || spawner.fn !== spawn) return undefined
  return keeping(fn)
}

/** The closure of a function a call of which does no more than to keep its arguments. */
function keeping(fn: unknown): Closure | undefined {
  if (last.fn === fn) return last.closure
  const closure = closureOf(fn)
  if (closure === undefined) return undefined // it may be stamped later
  last.fn = fn
  last.closure = closure.enter === closure.step ? closure : undefined
  return last.closure
}

/** Performs `yield* spawn(fn(...args))`, with the closure that `spawnable` gave. */
export function spawnDirectly(m: Machine, closure: Closure, args: readonly unknown[]): unknown {
  const computation = new Computation(closure, undefined, args)
  const { fn, begin } = known.spawner as Spawner
  const { fiber, host } = m
  // the object itself, as programs never see it, is a computation for `spawn` too
  if (fiber === null || host === null) return delegate(m, fn(computation as never))
  if (fiber.due !== null) deliverInterrupt(fiber)
  return begin(admitted(computation, "spawn", fiber.context, host), fiber, host)
}

/** The functions that take computations in a list or an object, and look at nothing else of them. */
const takers: unknown[] = []

export function registerTakers(...fns: unknown[]): void {
  for (const fn of fns) append(takers, fn)
}

/**
 * As `spawnable`, for a function that takes many: what it is given may be such computations themselves. They are pushed to `list`,
 * unless that is null, by the language's own method.
 */
export function handable(taker: unknown, fn: unknown, list: unknown[] | null = null): Closure | undefined {
  if (!includes(takers, taker)) return undefined
  if (list !== null && list.push !== arrayPush) return undefined
  return keeping(fn)
}

/** The unstarted computation of a call, as it is, unless something of the program's sees what is pushed to the list: its arguments may have put that there. */
export function handed(closure: Closure, args: readonly unknown[], list: readonly unknown[] | null = null): object {
  if (list !== null && isSeen(list.length)) return apply(closure.fn as () => object, undefined, args)
  return new Computation(closure, undefined, args)
}
function isSeen(index: number): boolean {
  return getPrototypeOf(arrayPrototype) !== objectPrototype || index in arrayPrototype
}
