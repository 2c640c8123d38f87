/** Owns the shape of a cursor: the state of one iteration by compiled code, as data. */
import type { Suspended } from "@rove/core"
import type { Machine } from "./machine.ts"

export type More = boolean | Suspended
export type Closed = undefined | Suspended

// The fields of cursors are set by constructors: the engine does not inline what initializes them for derived classes, and
// a loop that begins would take 15 ns longer.
export abstract class Cursor {
  declare value: unknown
  constructor() {
    this.value = undefined
  }
  /** A value that is not `wanted` is not asked for (`[, x]`). */
  abstract next(m: Machine, wanted?: boolean): More
  /** As `next`, in a loop that stays native: where it is `quick`, the loop counts the rounds, and this never stops. */
  abstract more(m: Machine): More
  get quick(): boolean {
    return false
  }
  /**
   * The iterator of a pristine Map, Set or string, for a loop of the engine, which closes it itself: it is going to find
   * nothing to close it with, if it can `leave`. Null of any other cursor. `budget`: rounds that can be made without a look
   * around, but for one; a string lends no more.
   */
  lend(_budget: number): Iterable<unknown> | null {
    return null
  }
  /**
   * The loop over what was lent is to be left as if it had not begun its next round; false if it cannot be. `budget`: what is
   * left of it, one for each round.
   */
  leave(_budget: number): boolean {
    return false
  }
  /** Whether there is more behind what was lent. */
  get rest(): boolean {
    return false
  }
  /** `reached` is the index of the next element where compiled code read the list itself. */
  abstract close(m: Machine, reached?: number): Closed
  /** The array that compiled code may read by index from its first element on, instead of asking for each value. */
  get list(): ArrayLike<unknown> | null {
    return null
  }
  /** The string that compiled code may read from `index` on, which it sets when it stops. */
  get text(): string | null {
    return null
  }
  /** As `close`, after a throw: errors of closing are dropped. */
  abandon(m: Machine, reached?: number): Closed {
    try {
      return this.close(m, reached)
    } catch {
      return undefined
    }
  }
}

// a setter that a program gave Object.prototype would take a field away
Object.setPrototypeOf(Cursor.prototype, null)
