/** Owns iterating what comes one by one and may have to be waited for: a generator as compiled code would have it. */
import {
  anything,
  type Closure,
  Frame,
  isNatural,
  NEXT,
  orNull,
  plain,
  type ResumeKind,
  SUSPENDED,
  stamp,
  THROW,
} from "@rove/core"
import type { Operation } from "../operations/operation.ts"
import { delegate } from "../runtime/delegate.ts"
import { begin } from "../runtime/generator.ts"
import { hold, type Machine, yielded } from "../runtime/machine.ts"
import { ownClosure } from "../runtime/own-code.ts"
import { enter } from "../runtime/poll.ts"
import { HomedRef } from "./ref.ts"

/** Where the next one comes from. */
export interface Source {
  next(): Operation<IteratorResult<unknown, unknown>>
  /** The iteration ends before its source does, or its source has failed: what is to be performed then, if anything. */
  close?(): Operation<unknown> | null
}

/** What of these can be in a record: what has a home. */
function isSource(value: unknown): boolean {
  return typeof value === "object" && value !== null && HomedRef.is(value) && "next" in value
}

/** How the iteration ends when the source is closed. */
interface End {
  readonly kind: ResumeKind
  readonly value: unknown
}

class ItemsFrame extends Frame {
  source: Source
  end: End | null = null
  constructor(closure: Closure, source?: Source) {
    super(closure)
    this.source = source as Source
  }
}

/** It has not begun. */
const START = 0
/** The next one is waited for. */
const WAITING = 1
/** One was handed to whoever iterates. */
const YIELDED = 2
/** The source is being closed. */
const CLOSING = 3
const live = ["source", "end"]
const closure = ownClosure({
  name: "items",
  points: { start: live, next: live, yield: live, close: live },
  Frame: ItemsFrame,
  fields: { source: isSource, end: orNull(plain({ kind: isNatural, value: anything })) },
  begins: (_, [source]) => isSource(source),
  step,
})

function step(m: Machine, frame: ItemsFrame | null, _self: unknown, given?: Source): unknown {
  const { depth } = m
  const source = frame === null ? (given as Source) : frame.source
  const stop = (at: number): ItemsFrame => {
    const held = frame ?? new ItemsFrame(closure, source)
    held.pc = at
    return held
  }
  let item: unknown
  if (frame === null) {
    if ((--m.budget < 0 || depth > m.ceiling) && enter(m)) return hold(m, stop(START))
  } else {
    const { kind, value } = m
    if (frame.pc === CLOSING) return closed(frame.end as End, kind, value)
    if (kind !== NEXT) return close(m, source, { kind, value }, stop)
    if (frame.pc === WAITING) item = value
  }
  if (item === undefined) {
    m.depth = depth + 1
    try {
      item = delegate(m, source.next())
    } catch (error) {
      m.depth = depth
      return close(m, source, { kind: THROW, value: error }, stop)
    }
    m.depth = depth
    if (m.held) return hold(m, stop(WAITING))
  }
  const { done, value } = item as IteratorResult<unknown, unknown>
  if (done) return undefined
  m.out = value
  if (frame === null) yielded(m, stop(YIELDED))
  else frame.pc = YIELDED
  return SUSPENDED
}

/** Nobody wants any more, or there is an error. */
function close(m: Machine, source: Source, end: End, stop: (at: number) => ItemsFrame): unknown {
  const { depth } = m
  try {
    const closing = source.close?.() ?? null
    if (closing !== null) {
      m.depth = depth + 1
      delegate(m, closing)
    }
  } catch (error) {
    m.depth = depth
    return closed(end, THROW, error)
  }
  m.depth = depth
  if (!m.held) return closed(end, NEXT, undefined)
  const frame = stop(CLOSING)
  frame.end = end
  return hold(m, frame)
}

/** An error that ends the iteration stands before one of closing, as in any loop. */
function closed(end: End, kind: ResumeKind, value: unknown): unknown {
  if (end.kind === THROW) throw end.value
  if (kind === THROW) throw value
  return end.value
}

/** Yields what comes from the source, until it says that this was all. */
export const items: (source: Source) => Generator<unknown, void, unknown> = function* items(source) {
  return (yield* begin(closure, undefined, [source]) as Generator<never>) as undefined
}
stamp(items, closure)
stamp(items.prototype as object, closure)
closure.fn = items
