/** Owns the brand by which compiled code recognises an operation. The operations themselves are not known here. */
import type { Suspended } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import type { Host } from "./host.ts"

export abstract class Performable<R> {
  /** Private, so that asking a proxy or a foreign object runs no code of the user. */
  readonly #performable = true
  static is(value: object): value is Performable<unknown> {
    return #performable in value
  }
  /** It never waits, and what it does is done for the fiber that performs it: as a branch it gets no fiber of its own. */
  get immediate(): boolean {
    return false
  }
  /** It waits for the end of fibers. What their homes know of that, a record of the wait has only once it was heard. */
  get awaitsEnds(): boolean {
    return false
  }
  /** Returns the result, throws, or parks the fiber and returns SUSPENDED. */
  abstract perform(fiber: FiberState, host: Host): R | Suspended
}
