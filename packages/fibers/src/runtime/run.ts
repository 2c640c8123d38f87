/**
 * Owns the run loop: driving a computation until it yields, ends, or the fiber stops.
 *
 * Compiled calls nest natively; this loop only runs frames that are data, youngest first, and hands their results to
 * the frames below. ARCHITECTURE.md says why frames exist only when a computation stops.
 */
import { Computation, type Frame, NEXT, RETURN, type ResumeKind, SUSPENDED, THROW } from "@rove/core"
import { BOUNCE, type Machine, YIELD } from "./machine.ts"

export const ENDED = 0
export const YIELDED = 1
/** The fiber stops (park, preemption, or a bounce of the stack beneath): the frames are on their way into the chain. */
export const STOPPED = 2
export type Advance = typeof ENDED | typeof YIELDED | typeof STOPPED

export type AnyStep = (m: Machine, frame: Frame | null, self: unknown, ...args: unknown[]) => unknown

/** Begins a step with any number of arguments; without spread, which the program may have broken for its own arrays. */
export function applyStep(step: AnyStep, m: Machine, self: unknown, args: readonly unknown[]): unknown {
  const list: unknown[] = [m, null, self]
  for (let i = 0; i < args.length; i++) list[i + 3] = args[i]
  return Reflect.apply(step, undefined, list)
}

/** The first step of a computation that has not begun. */
function begin(m: Machine, c: Computation): unknown {
  const { args, self } = c
  c.args = null
  c.self = undefined
  const step = c.of.step as AnyStep
  if (args === null || args.length === 0) return step(m, null, self)
  if (args.length === 1) return step(m, null, self, args[0])
  return applyStep(step, m, self, args)
}

/**
 * Runs computation `start` (its frame `first`; null: from the beginning, at depth `m.depth`) and, as they get their
 * turn, the frames of those that drive it, down to the end or the next yield of `root`.
 * Result: ENDED or YIELDED with `m.value`, or STOPPED with `m.signal`, `m.top`, `m.tail`. Throws what the root throws.
 */
export function loop(m: Machine, root: Computation, start: Computation, first: Frame | null): Advance {
  let c = start
  let frame = first
  let depth = m.depth
  for (;;) {
    let value: unknown
    m.depth = depth
    m.top = m.tail = null
    try {
      if (frame === null) value = begin(m, c)
      else {
        if (m.kind === RETURN) c.returning = frame
        value = (frame.closure.step as AnyStep)(m, frame, undefined)
      }
      m.kind = NEXT
    } catch (error) {
      value = error
      m.kind = THROW
    }
    if (value === SUSPENDED && m.kind === NEXT) {
      if (frame === null) (m.tail as unknown as Frame).caller = c
      c = m.computation as Computation
      if (m.signal === YIELD) {
        rest(m, c)
        m.done = false
        m.value = m.out
        if (c === root) return YIELDED
        depth = c.baseDepth
        frame = leave(m, c)
        c = m.computation as Computation
        continue
      }
      if (m.signal !== BOUNCE || root.driver !== null) return STOPPED
      frame = m.top as unknown as Frame
      depth = m.topDepth
      m.value = undefined
      continue
    }
    // A frame has ended: its caller goes on with its value.
    const caller: Frame = frame === null ? c : (frame.caller as Frame)
    m.value = value
    if (caller instanceof Computation) {
      c = caller
      end(c)
      m.done = true
      if (c === root) {
        if (m.kind === THROW) throw value
        return ENDED
      }
      depth = c.baseDepth
      frame = leave(m, c)
      c = m.computation as Computation
    } else {
      if (c.returning === frame) {
        if (m.kind === NEXT) m.kind = RETURN
        else c.returning = null
      }
      frame = caller
      depth--
    }
  }
}

/** The computation stops at a yield: its frames are its own again. */
function rest(m: Machine, c: Computation): void {
  c.status = "suspended"
  c.top = m.top
  c.height = m.topDepth - c.baseDepth
  c.returning = null
}

function end(c: Computation): void {
  c.status = "done"
  c.top = null
  c.returning = null
  c.args = null
  c.self = undefined
}

/** Back into the compiled frame that drives `c` as data. */
function leave(m: Machine, c: Computation): Frame {
  const consumer = c.caller as Frame
  m.computation = c.driver
  c.caller = null
  c.driver = null
  return consumer
}

/**
 * Resumes a computation that is at rest, as `next`, `throw` and `return` of a generator would, running and ended ones included.
 * With a `driver` (compiled code of that computation consumes it) the result may be STOPPED: then `c` is the oldest
 * entry of the chain under way and the consumer must hold its own frame behind it.
 */
export function resume(
  m: Machine,
  c: Computation,
  kind: ResumeKind,
  value: unknown,
  driver: Computation | null,
): Advance {
  if (c.status === "running") throw new TypeError("Generator is already running")
  if (c.status === "unstarted" && kind !== NEXT) end(c)
  if (c.status === "done") {
    if (kind === THROW) throw value
    m.done = true
    m.value = kind === RETURN ? value : undefined
    return ENDED
  }
  const first = c.top
  const depth = m.depth
  c.status = "running"
  c.driver = driver
  c.baseDepth = depth
  m.computation = c
  m.kind = kind
  m.value = value
  m.depth = first === null ? depth + 1 : depth + c.height
  let stopped = false
  try {
    const result = loop(m, c, c, first)
    stopped = result === STOPPED
    if (stopped) m.tail = c
    return result
  } finally {
    m.depth = depth
    // after a stop `m.computation` goes on naming the innermost one: it is where the fiber continues
    if (!stopped) {
      m.computation = driver
      c.driver = null
    }
  }
}
