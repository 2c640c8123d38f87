/**
 * Owns a slice: one uninterrupted run of a fiber on this thread, from ready (or unstarted) to parked, ready or done.
 *
 * Registers of whatever ran before are saved and restored, so that a slice can also run inside another fiber's slice
 * (a child that is joined before anybody took it).
 */
import {
  AGAIN,
  certain,
  DONE,
  type Frame,
  NEXT,
  park,
  preempt,
  type ResumeKind,
  RUNNING,
  SUSPENDED,
  start,
  THROW,
} from "@rove/core"
import { lingers, outlives } from "./ending.ts"
import { beginSlice, endSlice, FRAMED, watching } from "./events.ts"
import { runExits } from "./exits.ts"
import { type FiberState, type Outcome, settle, settleReturned } from "./fiber.ts"
import { performed, yieldedInVain } from "./forgotten.ts"
import type { Host } from "./host.ts"
import { arrive } from "./interruption.ts"
import { min } from "./intrinsics.ts"
import { type Machine, NATIVE_DEPTH, PARK } from "./machine.ts"
import type { Performable } from "./performable.ts"
import { type Advance, advance, loop, plainStep, proceed, resume, STOPPED, YIELDED } from "./run.ts"
import { withoutOurs, withPlace, withRoot } from "./stacks.ts"

export type SliceEnd = "parked" | "ready" | "done"

/**
 * Runs one slice of `fiber`, which must be unstarted or ready; `allowance` is the native depth that is left for it. `onlyWaits`: if it
 * is to wait for something first, it does that and no more.
 */
export function runSlice(
  m: Machine,
  fiber: FiberState,
  host: Host,
  allowance: number = NATIVE_DEPTH,
  onlyWaits = false,
): SliceEnd {
  const fresh = fiber.status === "unstarted"
  certain(start(fiber), "runSlice", fiber)
  fiber.begins()
  const { depth, ceiling, fiber: outer, hooks, masked } = m
  m.fiber = fiber
  m.masked = 0
  m.depth = fresh ? 1 : fiber.topDepth
  m.hooks = fiber.context.extra === null ? null : watching(fiber.context.extra)
  m.ceiling = ceilingOf(m, fiber, allowance)
  if (m.hooks !== null && !fresh) beginSlice(m, fiber, host.birthplace)
  let given: unknown = NOT_RUN
  if (fresh && fiber.context.extra === null && fiber.lifetime === null && fiber.resumeKind === NEXT) {
    given = beginRoot(m, fiber)
    if (m.kind === NEXT && isEnd(given) && fiber.context.extra === null && fiber.lifetime === null) {
      // most children are at their end now: nothing stopped, so there is no more to put back than this
      m.depth = depth
      m.ceiling = ceiling
      m.fiber = outer
      m.hooks = hooks
      m.masked = masked
      m.value = m.out = undefined
      fiber.root.status = DONE
      host.ended(fiber, settleReturned(fiber, given))
      return "done"
    }
  }
  let outcome: Outcome | null
  try {
    if (given === NOT_RUN && fiber.lifetime !== null) arrive(fiber, host)
    if (fiber.resumeKind === AGAIN) {
      if (waitAgain(m, fiber, host)) return "parked"
      if (onlyWaits) return stopsBehindWait(m, fiber)
    }
    outcome = attempt(m, fiber, fresh, given)
    // what belongs to it ends before it does: it goes on for that, as data like any other fiber
    while (outcome !== null && fiber.lifetime !== null && outlives(fiber, outcome, host))
      outcome = attemptAgain(m, fiber, allowance)
    if (outcome === null) return stop(m, fiber, host)
    if (fiber.context.extra !== null) outcome = runExits(m, fiber, outcome)
    if (lingers(fiber, outcome)) outcome = attemptAgain(m, fiber, allowance)
    if (outcome === null) return stop(m, fiber, host)
  } finally {
    m.depth = depth
    m.ceiling = ceiling
    m.fiber = outer
    m.hooks = hooks
    m.masked = masked
    m.top = m.tail = null
    m.innermost = null
    m.held = false
    m.value = undefined
    m.out = undefined
  }
  host.ended(fiber, settle(fiber, outcome))
  return "done"
}

/** The root has not had its first step. */
const NOT_RUN: unique symbol = Symbol("not run")

/** Gives the root of a fresh fiber without hooks its first step. */
function beginRoot(m: Machine, { root }: FiberState): unknown {
  m.kind = NEXT
  m.value = undefined
  root.status = RUNNING
  root.baseDepth = 0
  return plainStep(m, root, null)
}

/** Whether a step gave a result that nothing remains to be done about: it did not stop, and made nothing that was to be performed. */
function isEnd(given: unknown): boolean {
  return given === null || (typeof given !== "object" && given !== SUSPENDED)
}

function ceilingOf(m: Machine, fiber: FiberState, allowance: number): number {
  return m.hooks === null ? min(m.depth + allowance, fiber.context.recursionLimit) : FRAMED
}

/** Its body has ended, and it goes on from its root: if the body threw, the depth is still that of where it did. */
function attemptAgain(m: Machine, fiber: FiberState, allowance: number): Outcome | null {
  m.depth = fiber.topDepth
  m.ceiling = ceilingOf(m, fiber, allowance)
  return attempt(m, fiber, false, NOT_RUN)
}

/** Runs the fiber to its end, or null if it stops before. */
function attempt(m: Machine, fiber: FiberState, fresh: boolean, given: unknown): Outcome | null {
  try {
    if (drive(m, fiber, fresh, given) === STOPPED) return null
    return { kind: "returned", value: performed(fiber, m.value) }
  } catch (error) {
    withoutOurs(error)
    withRoot(error, fiber.root)
    return fiber.interrupted !== null && fiber.interrupted === error
      ? { kind: "interrupted", reason: error }
      : { kind: "failed", error }
  }
}

/** Runs the fiber's frames to its end, or until it stops. `given`: of the root's first step, if it had that. */
function drive(m: Machine, fiber: FiberState, fresh: boolean, given: unknown): Advance {
  const root = fiber.root
  const inner = fiber.inner ?? root
  const first = fiber.top
  if (given !== NOT_RUN) return answered(m, fiber, proceed(m, root, false, root, null, 1, given))
  m.kind = fiber.resumeKind as ResumeKind
  m.value = fiber.resumeValue
  if (m.kind === THROW) withPlace(m.value, first)
  forget(fiber)
  if (fresh) {
    root.status = RUNNING
    root.baseDepth = 0
  }
  return answered(m, fiber, loop(m, root, inner, first))
}

/** What the root yields has no consumer here, and is answered with undefined; what was to be performed, with an error. */
function answered(m: Machine, fiber: FiberState, first: Advance): Advance {
  const { root } = fiber
  let result = first
  while (result === YIELDED) {
    const { out } = m
    // what an iterator gave is passed on untouched: nobody looks into it
    const wrong = m.raw || typeof out !== "object" || out === null ? null : yieldedInVain(fiber, out)
    m.depth = 0
    m.raw = false
    result = wrong === null ? advance(m, root, undefined, false) : resume(m, root, THROW, wrong, false)
  }
  return result
}

/** The fiber stopped: its frames become its own. */
function stop(m: Machine, fiber: FiberState, host: Host): SliceEnd {
  fiber.top = m.top as Frame
  fiber.topDepth = m.topDepth
  fiber.inner = m.innermost
  if (m.hooks !== null) endSlice(m, fiber, m.signal === PARK ? (fiber.park?.reason ?? "") : "preempted")
  if (m.signal === PARK) {
    certain(park(fiber), "runSlice", fiber)
    host.parked?.(fiber)
    return "parked"
  }
  certain(preempt(fiber), "runSlice", fiber)
  return "ready"
}

/** Performs the operation in which the fiber was recorded, as its youngest frame did: true if it waits, and is parked. */
function waitAgain(m: Machine, fiber: FiberState, host: Host): boolean {
  const operation = fiber.resumeValue as Performable<unknown>
  try {
    const value = operation.perform(fiber, host)
    if (value === SUSPENDED) {
      certain(park(fiber), "waitAgain", fiber)
      host.parked?.(fiber)
      if (m.hooks !== null) endSlice(m, fiber, fiber.park?.reason ?? "")
      return true
    }
    fiber.resumeKind = NEXT
    fiber.resumeValue = value
  } catch (error) {
    fiber.resumeKind = THROW
    fiber.resumeValue = error
  }
  return false
}

/** What it waited for is there already, and is what it goes on with. */
function stopsBehindWait(m: Machine, fiber: FiberState): SliceEnd {
  if (m.hooks !== null) endSlice(m, fiber, "preempted")
  certain(preempt(fiber), "stopsBehindWait", fiber)
  return "ready"
}

function forget(fiber: FiberState): void {
  fiber.top = null
  fiber.inner = null
  fiber.resumeKind = NEXT
  fiber.resumeValue = undefined
}
