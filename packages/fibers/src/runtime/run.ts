/**
 * Owns the run loop: driving a computation until it yields, ends, or the fiber stops.
 *
 * Compiled calls nest natively; this loop only runs frames that are data, youngest first, and hands their results to
 * the frames below. ARCHITECTURE.md says why frames exist only when a computation stops.
 */
import {
  Computation,
  DONE,
  type Frame,
  type Hooks,
  NEXT,
  RESTING,
  RETURN,
  type ResumeKind,
  RUNNING,
  SUSPENDED,
  THROW,
  UNSTARTED,
} from "@rove/core"
import { afterStep, beforeStep, FRAMED, resumed, takeFailure } from "./events.ts"
import { append, apply, max, min, RealmTypeError } from "./intrinsics.ts"
import { BOUNCE, type Machine, TRANSFER, YIELD, yielded } from "./machine.ts"
import { levelThatEnds } from "./passed-on.ts"
import { limitOf, refuse } from "./recursion.ts"
import { withSuspended } from "./stacks.ts"

export const ENDED = 0
export const YIELDED = 1
/** The fiber stops (park, preemption, or a bounce of the stack beneath): the frames are on their way into the chain. */
export const STOPPED = 2
export type Advance = typeof ENDED | typeof YIELDED | typeof STOPPED

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const next = NEXT
const resting = RESTING
const running = RUNNING
const suspended = SUSPENDED
const yielding = YIELDED

export type AnyStep = (m: Machine, frame: Frame | null, self: unknown, ...args: unknown[]) => unknown

/** Begins a step with any number of arguments; without spread, which the program may have broken for its own arrays. */
export function applyStep(step: AnyStep, m: Machine, self: unknown, args: readonly unknown[]): unknown {
  const list: unknown[] = [m, null, self]
  for (let i = 0; i < args.length; i++) append(list, args[i])
  return apply(step, undefined, list)
}

/** The first step of a computation that has not begun. */
function begin(m: Machine, c: Computation): unknown {
  const { args, self } = c
  c.args = null
  c.self = undefined
  const step = c.of.step as AnyStep
  if (args === null) return step(m, null, self)
  // a list for `apply` would cost as much as the rest of a small child's beginning
  switch (args.length) {
    case 0:
      return step(m, null, self)
    case 1:
      return step(m, null, self, args[0])
    case 2:
      return step(m, null, self, args[0], args[1])
    case 3:
      return step(m, null, self, args[0], args[1], args[2])
    case 4:
      return step(m, null, self, args[0], args[1], args[2], args[3])
    case 5:
      return step(m, null, self, args[0], args[1], args[2], args[3], args[4])
    default:
      return applyStep(step, m, self, args)
  }
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

/** As `step`, without hooks. */
export function plainStep(m: Machine, c: Computation, frame: Frame | null): unknown {
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
      if (value === SUSPENDED && !m.held) yielded(m, frame)
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
  const nested = m.fiber !== null && (m.masked > 0 || c !== m.fiber.root)
  m.cut = withSuspended(error, frame === null ? c : frame.caller, nested)
}

/**
 * Runs computation `start` (its frame `first`; null: from the beginning, at depth `m.depth`) and, as they get their
 * turn, the frames of those that drive it, down to the end or the next yield of `root`, which nobody drives.
 * Result: ENDED with `m.value`, YIELDED with `m.out`, or STOPPED with `m.signal`, `m.top`, `m.innermost`. Throws what the root throws.
 */
export function loop(m: Machine, root: Computation, start: Computation, first: Frame | null): Advance {
  const { depth } = m
  return proceed(m, root, false, start, first, depth, step(m, start, first))
}

/**
 * As `loop`, where `first`, at depth `at`, has had its step already and gave `given`. If the root is driven, the native
 * stack beneath is the fiber's, so what stops is passed on.
 */
export function proceed(
  m: Machine,
  root: Computation,
  driven: boolean,
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
  const allowance = driven ? 0 : max(1, m.ceiling - at)
  const limit = limitOf(m)
  for (;;) {
    if (value === SUSPENDED && m.kind === NEXT) {
      if (frame === null) (m.tail as Frame).caller = c
      c = stopping(m, c)
      const failure = m.signal === YIELD && m.hooks !== null ? takeFailure(m) : null
      const ended = failure === null && m.signal === YIELD && m.raw ? levelThatEnds(m, c, c === root && !driven) : null
      if (ended !== null) {
        frame = ended
        depth = m.topDepth
      } else if (failure !== null) {
        // it stands at its yield, of which nobody has heard but a hook: what that threw is thrown there
        frame = m.top as Frame
        depth = m.topDepth
        m.kind = THROW
        m.value = failure.error
      } else if (m.signal === YIELD) {
        rest(m, c)
        if (c === root) return YIELDED
        c.step = null // before it is resumed again, its consumer is to be told
        m.done = false
        depth = c.baseDepth
        frame = c.caller as Frame
        c = leave(c)
      } else {
        if (m.signal === TRANSFER) c = m.innermost as Computation
        else {
          m.innermost = c
          if (m.signal !== BOUNCE || driven) return STOPPED
        }
        frame = m.top as Frame
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
        end(m, c)
        m.done = true
        if (c === root) {
          if (m.kind === THROW) throw value
          return ENDED
        }
        depth = c.baseDepth
        frame = c.caller as Frame
        c = leave(c)
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
    if (allowance > 0) m.ceiling = m.hooks === null ? min(depth + allowance, limit) : FRAMED
    value = step(m, c, frame)
  }
}

/** Something stopped while `c` was stepped: `c` itself, or what it drives natively, which learns now who does. */
function stopping(m: Machine, c: Computation): Computation {
  const { undriven } = m
  if (undriven === null) return c
  undriven.driver = c
  m.undriven = null
  return m.innermost as Computation
}

/** The computation stops at a yield: its frames are its own again. */
function rest(m: Machine, c: Computation): void {
  const top = m.top as Frame
  c.status = RESTING
  c.top = top
  c.step = restsInside(m, top, c) ? null : top.closure.step
  c.height = m.topDepth - c.baseDepth
  c.returning = null
  m.held = false
}

/** Whether the next resumption has something to put in force again. Only fibers that have more than most enter such things. */
function restsInside(m: Machine, top: Frame, c: Computation): boolean {
  const { fiber, regions } = m
  return regions !== null && fiber !== null && fiber.context.extra !== null && regions.rest(top, c, fiber)
}

function end(m: Machine, c: Computation): void {
  c.status = DONE
  c.top = c.step = null
  c.returning = null
  c.args = null
  c.self = undefined
  if (m.ended !== null) m.ended(c)
}

/** Back into the compiled frame that drives `c` as data: that frame's computation. */
function leave(c: Computation): Computation {
  const driver = c.driver as Computation
  c.caller = null
  c.driver = null
  return driver
}

/**
 * Resumes a computation that is at rest, as `next`, `throw` and `return` of a generator would, running and ended ones included.
 * If it is `driven` (by compiled code that consumes it) the result may be STOPPED: then `c` is the oldest entry of the
 * chain under way and the consumer must hold its own frame behind it.
 */
export function resume(m: Machine, c: Computation, kind: ResumeKind, value: unknown, driven: boolean): Advance {
  if (c.status === RUNNING) throw new RealmTypeError("Generator is already running")
  if (c.status === UNSTARTED && kind !== NEXT) end(m, c)
  if (c.status === DONE) {
    if (kind === THROW) throw value
    m.done = true
    m.value = kind === RETURN ? value : undefined
    return ENDED
  }
  if (kind !== NEXT && m.replaced !== null) m.replaced(c, kind)
  const first = c.top
  const { fiber, regions } = m
  // it may have come from another fiber: this one need not have entered anything yet
  if (first !== null && c.step === null && regions !== null) regions.resume(first, c, fiber)
  if (m.hooks !== null && first !== null) resumed(m, first)
  const { depth } = m
  c.status = RUNNING
  m.kind = kind
  m.value = value
  m.depth = first === null ? depth + 1 : depth + c.height
  return settled(m, c, driven, depth, step(m, c, first))
}

/**
 * As `resume(m, c, NEXT, value, driven)`. From one yield to the next there is nothing for the loop to do, so this is the
 * path of nearly all resumptions: it writes what it must and no more.
 */
export function advance(m: Machine, c: Computation, value: unknown, driven: boolean): Advance {
  const step = c.step as AnyStep | null
  if (step === null || c.status !== resting || m.hooks !== null) return resume(m, c, NEXT, value, driven)
  const { depth } = m
  c.status = running
  m.kind = next
  m.value = value
  m.depth = depth + c.height
  let result: unknown
  try {
    result = step(m, c.top, undefined)
  } catch (error) {
    return failed(m, c, driven, depth, error)
  }
  if (result !== suspended || m.held) return passed(m, c, driven, depth, result)
  c.status = resting
  m.depth = depth
  return yielding
}

/** The step of a resumption gave something else than the next yield of its frame. */
export function passed(m: Machine, c: Computation, driven: boolean, depth: number, result: unknown): Advance {
  m.kind = NEXT
  return settled(m, c, driven, depth, result)
}

/** The step of a resumption threw. */
export function failed(m: Machine, c: Computation, driven: boolean, depth: number, error: unknown): Advance {
  m.kind = THROW
  traced(m, c, c.top, error)
  return settled(m, c, driven, depth, error)
}

/** Lets the loop go on behind the first step, and leaves the machine as it was. */
function settled(m: Machine, c: Computation, driven: boolean, depth: number, given: unknown): Advance {
  const first = c.top
  const at = first === null ? depth + 1 : depth + c.height
  c.baseDepth = depth
  c.top = c.step = null
  try {
    const result = proceed(m, c, driven, c, first, at, given)
    if (result === STOPPED && driven) m.undriven = m.tail = c
    return result
  } finally {
    m.depth = depth
  }
}
