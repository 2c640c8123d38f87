/** Owns iterating what comes one by one and may have to be waited for: a generator as compiled code would have it. */
import { Closure, defineCode, Frame, NEXT, SUSPENDED, stamp, THROW } from "@rove/core"
import type { Operation } from "../operations/operation.ts"
import { delegate } from "../runtime/delegate.ts"
import { begin } from "../runtime/generator.ts"
import { hold, type Machine, yielded } from "../runtime/machine.ts"
import { enter } from "../runtime/poll.ts"

/** Where the next one comes from. */
export interface Source {
  next(): Operation<IteratorResult<unknown, unknown>>
}

class ItemsFrame extends Frame {
  source: Source
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
const live = ["source"]
const code = defineCode({
  id: "rove#items",
  hash: "1",
  name: "items",
  url: "",
  kind: "generator",
  points: ["start", "next", "yield"].map(id => ({ id, path: [], line: 0, column: 0, live, handled: [] })),
  captures: [],
  Frame: ItemsFrame,
  make: null,
})
const closure = new Closure(code, step as never, step as never, [])
code.single = closure

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
    if (kind === THROW) throw value
    if (kind !== NEXT) return value
    if (frame.pc === WAITING) item = value
  }
  if (item === undefined) {
    m.depth = depth + 1
    item = delegate(m, source.next())
    m.depth = depth
    if (m.held) return hold(m, stop(WAITING))
  }
  const { done, value } = item as IteratorResult<unknown, unknown>
  if (done === true) return undefined
  m.out = value
  if (frame === null) yielded(m, stop(YIELDED))
  else frame.pc = YIELDED
  return SUSPENDED
}

/** Yields what comes from the source, until it says that this was all. */
export const items: (source: Source) => Generator<unknown, void, unknown> = function* items(source) {
  return (yield* begin(closure, undefined, [source]) as Generator<never>) as undefined
}
stamp(items, closure)
stamp(items.prototype as object, closure)
closure.fn = items
