/**
 * Owns calling an ordinary function as a fiber: what it returns is the fiber's result, a promise of it is waited for, and
 * a computation is run. The function itself goes along by reference.
 */
import {
  Closure,
  Computation,
  defineCode,
  encode,
  Frame,
  RoveError,
  SUSPENDED,
  type Suspended,
  stampOf,
  THROW,
} from "@rove/core"
import { isThenable, wait } from "./operations/wait.ts"
import { delegate } from "./runtime/delegate.ts"
import { computationOf } from "./runtime/generator.ts"
import { apply } from "./runtime/intrinsics.ts"
import { hold, type Machine } from "./runtime/machine.ts"

type AnyFunction = (...args: never[]) => unknown

const code = defineCode({
  id: "rove#call",
  hash: "1",
  name: "call",
  url: "",
  kind: "generator",
  points: [{ id: "result", path: [], line: 0, column: 0, live: [], handled: [] }],
  captures: [],
  Frame,
  make: null,
})
const closure = new Closure(code, step as never, step as never, [])
code.single = closure

function step(m: Machine, frame: Frame | null, fn: AnyFunction, ...args: unknown[]): unknown | Suspended {
  if (frame !== null) {
    if (m.kind === THROW) throw m.value
    return m.value
  }
  const { depth } = m
  const given = apply(fn, undefined, args as never[])
  const performed = isThenable(given) ? wait(given as PromiseLike<unknown>) : given
  if (performed === given && computationOf(given) === null) return given
  m.depth = depth + 1
  const value = delegate(m, performed)
  m.depth = depth
  if (value === SUSPENDED) return hold(m, new Frame(closure))
  return value
}

/**
 * The computation of `fn(...args)`. Throws ROVE_INVALID_ARGUMENT, naming the caller, for what is no function, and
 * ROVE_NOT_PORTABLE for one that no other thread could find.
 */
export function called(fn: unknown, args: readonly unknown[], where: string): Computation {
  if (typeof fn !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a function and its arguments, not ${typeof fn}`)
  if (stampOf(fn) === undefined) refuseUnknown(fn, where)
  return new Computation(closure, fn, args)
}

function refuseUnknown(fn: object, where: string): void {
  try {
    encode(fn)
  } catch (refusal) {
    const { name } = fn as { readonly name?: unknown }
    const which = typeof name === "string" && name !== "" ? name : "an anonymous function"
    const why = refusal instanceof Error ? refusal.message : String(refusal)
    throw new RoveError(
      "ROVE_NOT_PORTABLE",
      `${where} cannot hand over ${which} (${why}): put it into a module that begins with "use fibers", or name it with byReference in a module that fibers import`,
    )
  }
}
