/** Owns the refusal to go on without a fiber with what was begun in one. */
import { RoveError } from "@rove/core"

/** A generator has handed out a value inside of an operation, and ordinary code wants the next. */
export function onlyInFiber(what: string): RoveError {
  return new RoveError(
    "ROVE_NO_FIBER",
    `a generator that stands inside of ${what} was begun in a fiber, and goes on in one only: iterate it with for-of or yield* in compiled code of a fiber, or let it end there`,
  )
}
