/**
 * Owns calling an ordinary function as a fiber: what it returns is the fiber's result, a promise of it is waited for, and
 * a computation is run. The function itself goes along by reference.
 */
import { Computation, encode, isFunction, RoveError, stampOf } from "@rove/core"
import { isThenable, wait } from "./operations/wait.ts"
import { delegate } from "./runtime/delegate.ts"
import { computationOf } from "./runtime/generator.ts"
import { apply } from "./runtime/intrinsics.ts"
import { kindOf } from "./runtime/not-compiled.ts"
import { oneStep } from "./runtime/one-step.ts"

type AnyFunction = (...args: never[]) => unknown

const calling = oneStep("call", isFunction, (m, fn, args) => {
  const given = apply(fn as AnyFunction, undefined, args)
  if (isThenable(given)) return delegate(m, wait(given as PromiseLike<unknown>))
  return computationOf(given) === null ? given : delegate(m, given)
})

/**
 * The computation of `fn(...args)`. Throws ROVE_INVALID_ARGUMENT, naming the caller, for what is no function, and
 * ROVE_NOT_PORTABLE for one that no other thread could find.
 */
export function called(fn: unknown, args: readonly unknown[], where: string): Computation {
  if (typeof fn !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a function and its arguments, not ${kindOf(fn)}`)
  if (stampOf(fn) === undefined) refuseUnknown(fn, where)
  return new Computation(calling, fn, args)
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
