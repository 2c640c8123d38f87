/**
 * Owns the shape of an operation: an object that a fiber performs with `yield*`. The run loop knows nothing of
 * particular operations; adding one never edits the loop.
 */
import { advise, RoveError } from "@rove/core"
import { hintOfCopies } from "../runtime/copies.ts"
import { Performable } from "../runtime/performable.ts"

declare const result: unique symbol

/** Something a fiber performs with `yield*`; `R` is what the `yield*` expression gives. Y = never: it never leaks into the output stream. */
export interface Operation<out R> {
  readonly [result]: R
  [Symbol.iterator](): Iterator<never, R, unknown>
}

/**
 * Base of all operations. `perform` either returns the result, throws, or parks the fiber (see `Waiter`) and returns
 * SUSPENDED; whoever holds the park later wakes the fiber with a value or an error.
 */
export abstract class BaseOperation<R> extends Performable<R> implements Operation<R> {
  declare readonly [result]: R
  /** It is about the fiber that performs it (its lock, its inbox), and so means nothing to another one. */
  get own(): boolean {
    return false
  }
  /** Reached only from native code: compiled code performs the operation instead. */
  [Symbol.iterator](): Iterator<never, R, unknown> {
    throw new RoveError(
      "ROVE_NO_FIBER",
      `an operation can only be performed by compiled code that runs in a fiber: is the module marked "use fibers", and does nothing native (Array.from, a callback, a native generator) stand between?${hintOfCopies()}`,
    )
  }
}

advise(
  BaseOperation,
  "it is an operation that was not performed: write yield* before it where it is made, if its result is meant",
)
