/**
 * Owns iterations that compiled code runs to an end in one place: spread, and array patterns whose targets are plain
 * names. What is iterated may stop the fiber; `run` is then called again and goes on.
 */
import { SUSPENDED, type Suspended } from "@rove/core"
import { mayClose } from "./closing.ts"
import { iterate, iteratePairs, PairsCursor } from "./cursor.ts"
import { listed } from "./emitted.ts"
import {
  append,
  arrayIteratorNext,
  arrayIteratorPrototype,
  arrayPrototype,
  arrayValues,
  ITERATOR,
  includes,
  isConstant,
  MAX_SAFE_INTEGER,
  sliced,
} from "./intrinsics.ts"
import { Cursor } from "./iteration.ts"
import type { Machine } from "./machine.ts"

const NO_HOLES: readonly number[] = []

export class Gather {
  readonly cursor: Cursor
  /** How many values are wanted; `~n` takes all, of which `n` have names of their own. Infinity, in old records: all. */
  readonly count: number
  /** As many as there are names at least, once `run` is through: what an array does not have, its prototype may. */
  readonly list: unknown[] = []
  /** Places whose values nobody wants. */
  readonly holes: readonly number[]
  /** Nothing is left to take, so there is nothing to close either. */
  done = false
  /** The values are there; what remains is closing. */
  closing = false
  constructor(cursor: Cursor, count: number, holes: readonly number[] = NO_HOLES) {
    this.cursor = cursor
    this.count = count
    this.holes = holes
  }

  run(m: Machine): Suspended | undefined {
    const wanted = this.count < 0 ? MAX_SAFE_INTEGER : this.count
    while (!this.closing && !this.done && this.list.length < wanted) {
      this.done = true // an iterator that throws is not closed
      const more = this.cursor.next(m, this.holes === NO_HOLES || !includes(this.holes, this.list.length))
      this.done = more === false
      if (more === SUSPENDED) return SUSPENDED
      if (more === true) append(this.list, this.cursor.value)
    }
    if (this.done) {
      fill(this)
      return undefined
    }
    this.closing = true
    return this.cursor.close(m)
  }

  /** To be spread: without asking the program's iterator of arrays, if it has one. */
  items(): Iterable<unknown> {
    return isSteppedByLanguage() ? this.list : listed(this.list)
  }

  /** For `[a, , ...rest]`: the values behind the first ones. */
  rest(from: number): unknown[] {
    return sliced(this.list, from)
  }
}

function fill({ count, list }: Gather): void {
  const named = count < 0 ? ~count : count
  if (named < MAX_SAFE_INTEGER) while (list.length < named) append(list, undefined)
}

export function gather(value: unknown, count: number, holes?: readonly number[], message?: string): Gather {
  return new Gather(iterate(value, message), count, holes)
}

/** Whether the language itself goes over arrays. Asks nothing of the program: a getter there would see more than natively. */
function isSteppedByLanguage(): boolean {
  return (
    isConstant(arrayPrototype, ITERATOR, arrayValues) && isConstant(arrayIteratorPrototype, "next", arrayIteratorNext)
  )
}

/** Whether taking an array apart runs no code of the program. */
export function isArrayPristine(): boolean {
  return isSteppedByLanguage() && !mayClose(arrayIteratorPrototype)
}

/** The cursor of `for (const [a, b] of …)`: each value is taken apart before the body sees it. */
export class GatheringCursor extends Cursor {
  readonly inner: Cursor
  readonly count: number
  readonly holes: readonly number[] | undefined
  current: Gather | null = null
  /** The value could not be taken apart: the iteration is closed, and this is thrown. */
  failure: { readonly error: unknown } | null = null
  /** Holds the entry of a Map while its parts are read: nobody else has it. Null if the values are others. */
  readonly entry: { list: unknown } | null
  constructor(inner: Cursor, count: number, holes?: readonly number[]) {
    super()
    this.inner = inner
    this.count = count
    this.holes = holes
    this.entry = inner instanceof PairsCursor ? { list: undefined } : null
  }
  next(m: Machine): boolean | Suspended {
    if (this.failure !== null) return this.fail(m)
    if (this.current === null) {
      const more = this.inner.next(m)
      if (more !== true) return more
      if (this.entry !== null && isArrayPristine()) {
        this.entry.list = this.inner.value
        this.value = this.entry
        return true
      }
    }
    try {
      this.current ??= gather(this.inner.value, this.count, this.holes, ".for is not iterable")
      if (this.current.run(m) === SUSPENDED) return SUSPENDED
    } catch (error) {
      this.failure = { error }
      return this.fail(m)
    }
    this.value = this.current
    this.current = null
    return true
  }
  more(m: Machine): boolean | Suspended {
    return this.next(m)
  }
  private fail(m: Machine): Suspended {
    if (this.inner.abandon(m) === SUSPENDED) return SUSPENDED
    throw (this.failure as { error: unknown }).error
  }
  close(m: Machine): Suspended | undefined {
    return this.inner.close(m)
  }
}

/** The same over a pristine Map, whose entries are taken apart by index while that is what the language does. */
export class EntriesCursor extends GatheringCursor {
  override more(m: Machine): boolean | Suspended {
    if (!isArrayPristine() || this.current !== null || this.failure !== null) return this.next(m)
    const inner = this.inner as PairsCursor
    const entry = this.entry as { list: unknown }
    if (!inner.more()) return false
    entry.list = inner.value
    this.value = entry
    return true
  }
  override get quick(): boolean {
    return true
  }
  /** The keys; whoever takes one takes the `second` part from what is in step. */
  override lend(budget: number): Iterable<unknown> | null {
    return this.current === null && this.failure === null ? this.inner.lend(budget) : null
  }
  override leave(budget: number): boolean {
    return this.inner.leave(budget)
  }
  get values(): Iterator<unknown> {
    return (this.inner as PairsCursor).values as Iterator<unknown>
  }
}

export function iterateApart(
  value: unknown,
  message: string,
  count: number,
  holes?: readonly number[],
): GatheringCursor {
  const inner = count >= 0 && count <= 2 && holes === undefined ? iteratePairs(value, message) : iterate(value, message)
  return inner instanceof PairsCursor ? new EntriesCursor(inner, count) : new GatheringCursor(inner, count, holes)
}
