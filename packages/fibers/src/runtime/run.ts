/**
 * Owns the run loop: driving a computation until it yields, ends, or the fiber stops.
 *
 * Compiled calls nest natively; this loop only runs frames that are data, youngest first, and hands their results to
 * the frames below. ARCHITECTURE.md says why frames exist only when a computation stops.
 */
import { Computation, type Frame, type Hooks, NEXT, RETURN, type ResumeKind, SUSPENDED, THROW } from "@rove/core"
import { afterStep, beforeStep, FRAMED, resumed, takeFailure } from "./events.ts"
import { BOUNCE, type Machine, YIELD } from "./machine.ts"
import { limitOf, refuse } from "./recursion.ts"
import { withSuspended } from "./stacks.ts"

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

/** One step. What it throws comes back as a value too, with the machine's kind THROW. */
function step(m: Machine, c: Computation, frame: Frame | null): unknown {
  return m.hooks === null ? plainStep(m, c, frame) : watchedStep(m, c, frame)
}

/** A step that hooks are told of. What they throw is thrown at once where that is possible, else at the next step. */
function watchedStep(m: Machine, c: Computation, frame: Frame | null): unknown {
  const hooks = m.hooks as Hooks
  const { code } = hooks
  beforeStep(m, c, frame)
  const failure = takeFailure(m)
  if (failure !== null) {
    m.kind = THROW
    m.value = failure.error
    if (frame === null || frame.pc === 0) return failure.error
  }
  const value = plainStep(m, c, frame)
  if (m.hooks !== null) {
    if (m.kind === THROW) afterStep(m, c, frame, "exception", value)
    else if (value !== SUSPENDED) afterStep(m, c, frame, "return", value)
    else if (m.signal === YIELD) afterStep(m, c, frame, "yield", m.raw ? undefined : m.out)
  }
  hooks.code = code
  const late = m.hooks === null || (value === SUSPENDED && m.kind === NEXT) ? null : takeFailure(m)
  if (late === null) return value
  m.kind = THROW
  return late.error
}

function plainStep(m: Machine, c: Computation, frame: Frame | null): unknown {
  m.held = false
  const delivered = m.kind === THROW ? m.value : SUSPENDED
  try {
    let value: unknown
    if (frame === null) value = begin(m, c)
    else {
      if (m.kind === RETURN) c.returning = frame
      // not as a method of the closure, which stacks would show
      const step = frame.closure.step as AnyStep
      value = step(m, frame, undefined)
    }
    m.kind = NEXT
    return value
  } catch (error) {
    m.kind = THROW
    if (error !== delivered) traced(m, c, frame, error)
    return error
  }
}

/** An error leaves what was native of a stack: now is the time to write down the frames beneath. */
function traced(m: Machine, c: Computation, frame: Frame | null, error: unknown): void {
  const nested = m.fiber !== null && (m.masked > 0 || (c.driver ?? m.fiber.root) !== m.fiber.root)
  withSuspended(error, frame === null ? c : frame.caller, nested)
}

/**
 * Runs computation `start` (its frame `first`; null: from the beginning, at depth `m.depth`) and, as they get their
 * turn, the frames of those that drive it, down to the end or the next yield of `root`.
 * Result: ENDED or YIELDED with `m.value`, or STOPPED with `m.signal`, `m.top`, `m.tail`. Throws what the root throws.
 */
export function loop(m: Machine, root: Computation, start: Computation, first: Frame | null): Advance {
  return proceed(m, root, start, first, m.depth, step(m, start, first))
}

/** As `loop`, where `first`, at depth `at`, has had its step already and gave `given`. */
function proceed(
  m: Machine,
  root: Computation,
  start: Computation,
  first: Frame | null,
  at: number,
  given: unknown,
): Advance {
  let c = start
  let frame = first
  let depth = at
  let value = given
  // Nothing of the fiber lies beneath a root that nobody drives, so each step may nest as deep as the first one.
  const allowance = root.driver === null ? Math.max(1, m.ceiling - at) : 0
  const limit = limitOf(m)
  for (;;) {
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
      } else {
        if (m.signal !== BOUNCE || root.driver !== null) return STOPPED
        frame = m.top as unknown as Frame
        depth = m.topDepth
        m.value = undefined
        const refused = depth > limit && frame.pc === 0 ? refuse(m, frame) : null
        if (refused !== null) {
          m.kind = THROW
          value = refused
          traced(m, c, frame, refused)
          continue
        }
      }
    } else {
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
    m.depth = depth
    if (allowance > 0) m.ceiling = m.hooks === null ? Math.min(depth + allowance, limit) : FRAMED
    value = step(m, c, frame)
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
  if (m.hooks !== null && first !== null) resumed(m, first)
  const depth = m.depth
  c.status = "running"
  c.driver = driver
  c.baseDepth = depth
  m.computation = c
  m.kind = kind
  m.value = value
  m.depth = first === null ? depth + 1 : depth + c.height
  return settled(m, c, driver, depth, first, step(m, c, first))
}

/**
 * As `resume(m, c, NEXT, value, driver)` of a suspended computation. From one yield to the next there is nothing for the
 * loop to do, so this is the path of nearly all resumptions: it writes what it must and no more.
 */
export function advance(m: Machine, c: Computation, value: unknown, driver: Computation | null): Advance {
  const first = c.top
  if (first === null || c.status !== "suspended" || m.hooks !== null) return resume(m, c, NEXT, value, driver)
  const depth = m.depth
  c.status = "running"
  c.baseDepth = depth
  const { computations } = m
  const level = m.level + 1
  m.level = level
  if (computations[level] !== c) computations[level] = c
  m.kind = NEXT
  m.value = value
  m.depth = depth + c.height
  m.held = false
  let result: unknown
  try {
    // as in `step`, of which this is the half that matters here
    const step = first.closure.step as AnyStep
    result = step(m, first, undefined)
    m.kind = NEXT
  } catch (error) {
    m.kind = THROW
    traced(m, c, first, error)
    result = error
  }
  if (result === SUSPENDED && m.signal === YIELD && m.kind === NEXT && computations[level] === c) {
    c.status = "suspended"
    if (c.top !== m.top) c.top = m.top
    c.height = m.topDepth - depth
    m.done = false
    m.value = m.out
    m.depth = depth
    m.level = level - 1
    return YIELDED
  }
  c.driver = driver
  m.level = level - 1
  m.computation = computations[level] as Computation
  return settled(m, c, driver, depth, first, result)
}

/** Lets the loop go on behind the first step, and leaves the machine as it was. */
function settled(
  m: Machine,
  c: Computation,
  driver: Computation | null,
  depth: number,
  first: Frame | null,
  given: unknown,
): Advance {
  let stopped = false
  try {
    const result = proceed(m, c, c, first, first === null ? depth + 1 : depth + c.height, given)
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
