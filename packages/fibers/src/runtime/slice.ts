/**
 * Owns a slice: one uninterrupted run of a fiber on this thread, from ready (or unstarted) to parked, ready or done.
 *
 * Registers of whatever ran before are saved and restored, so that a slice can also run inside another fiber's slice
 * (a child that is joined before anybody took it).
 */
import {
  AGAIN,
  certain,
  FiberInterrupted,
  type Frame,
  NEXT,
  park,
  preempt,
  type ResumeKind,
  RUNNING,
  SUSPENDED,
  start,
  THROW,
  withdraw,
} from "@rove/core"
import { beginSlice, endSlice, FRAMED } from "./events.ts"
import { runExits } from "./exits.ts"
import { type FiberState, type Outcome, settle } from "./fiber.ts"
import { performed } from "./forgotten.ts"
import type { Host } from "./host.ts"
import { min } from "./intrinsics.ts"
import { type Machine, NATIVE_DEPTH, PARK } from "./machine.ts"
import type { Performable } from "./performable.ts"
import { type Advance, advance, loop, STOPPED, YIELDED } from "./run.ts"
import { withoutOurs } from "./stacks.ts"

export type SliceEnd = "parked" | "ready" | "done"

/** Runs one slice of `fiber`, which must be unstarted or ready; `allowance` is the native depth that is left for it. */
export function runSlice(m: Machine, fiber: FiberState, host: Host, allowance: number = NATIVE_DEPTH): SliceEnd {
  const fresh = fiber.status === "unstarted"
  certain(start(fiber), "runSlice", fiber)
  const { depth, ceiling, fiber: outer, hooks, masked } = m
  m.fiber = fiber
  m.masked = 0
  m.depth = fresh ? 1 : fiber.topDepth
  m.hooks = fiber.context.extra === null ? null : fiber.context.extra.hooks
  m.ceiling = m.hooks === null ? min(m.depth + allowance, fiber.context.recursionLimit) : FRAMED
  if (m.hooks !== null && !fresh) beginSlice(m, fiber, host.threadId)
  let outcome: Outcome
  try {
    if (fiber.resumeKind === AGAIN && waitAgain(m, fiber, host)) return "parked"
    if (drive(m, fiber, fresh) === STOPPED) return stop(m, fiber, host)
    outcome = { kind: "returned", value: performed(fiber, m.value) }
    if (fiber.context.extra !== null) outcome = runExits(m, fiber, outcome)
  } catch (error) {
    withoutOurs(error)
    outcome =
      fiber.interrupted !== null && fiber.interrupted === error
        ? { kind: "interrupted", reason: error }
        : { kind: "failed", error }
    if (fiber.context.extra !== null) outcome = runExits(m, fiber, outcome)
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

/** Runs the fiber's frames; what its root yields has no consumer here and is answered with undefined. */
function drive(m: Machine, fiber: FiberState, fresh: boolean): Advance {
  const root = fiber.root
  const inner = fiber.inner ?? root
  const first = fiber.top
  m.kind = fiber.resumeKind as ResumeKind
  m.value = fiber.resumeValue
  forget(fiber)
  if (fresh) {
    root.status = RUNNING
    root.baseDepth = 0
  }
  let result = loop(m, root, inner, first)
  while (result === YIELDED) {
    m.depth = 0
    m.raw = false
    result = advance(m, root, undefined, false)
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

function forget(fiber: FiberState): void {
  fiber.top = null
  fiber.inner = null
  fiber.resumeKind = NEXT
  fiber.resumeValue = undefined
}

/** Asks a fiber of this thread to end: it throws FiberInterrupted at the point where it stands. False if it has ended. */
export function interruptFiber(fiber: FiberState, reason: unknown, host: Pick<Host, "ready" | "ended">): boolean {
  if (fiber.status === "done") return false
  if (fiber.interrupted !== null) return true
  const error = interruption(reason)
  fiber.interrupted = error
  if (fiber.status === "unstarted") {
    host.ended(fiber, settle(fiber, { kind: "interrupted", reason: error }))
    return true
  }
  if (withdraw(fiber)) {
    fiber.resumeKind = THROW
    fiber.resumeValue = error
    host.ready(fiber)
    return true
  }
  fiber.interruptPending = true
  return true
}

/**
 * Has no frames: those of whoever asks, if there are any, say nothing of the fiber, and a million fibers may be interrupted at
 * once. The reason has them, if it is an error.
 */
function interruption(reason: unknown): FiberInterrupted {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return new FiberInterrupted(reason)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
