/**
 * Owns interrupts: of a whole fiber, and of a part of its run alone. Each is thrown once, at the next check at which
 * nothing forbids it; what is uninterruptible forbids those that come from outside of it.
 */
import { FiberInterrupted, type ResumeKind, RoveError, THROW, TimeoutError, withdraw } from "@rove/core"
import { type FiberState, settle } from "./fiber.ts"
import type { Host } from "./host.ts"
import { allLifetimesOf, Lifetime, lifetimesOf } from "./lifetime.ts"
import { withoutFrames } from "./stacks.ts"

/** What an interrupt takes of a host. */
type Interrupting = Pick<Host, "ready" | "ended" | "ignores" | "isRecord">

/** Throws the interrupt that is due, if there is one. */
export function deliverInterrupt(fiber: FiberState): void {
  if (fiber.due !== null) throw takeDue(fiber)
}

/** Asks a fiber of this thread to end: it throws FiberInterrupted at the point where it stands. False if it has ended, or is a record. */
export function interruptFiber(fiber: FiberState, reason: unknown, host: Interrupting): boolean {
  if (fiber.status === "done" || host.isRecord?.(fiber) === true) return false
  if (fiber.interrupted !== null) {
    if (!fiber.interruptPending) host.ignores?.(fiber)
    return true
  }
  const error = interruption(reason)
  fiber.interrupted = error
  if (fiber.status === "unstarted") {
    host.ended(fiber, settle(fiber, { kind: "interrupted", reason: error }))
    return true
  }
  fiber.interruptPending = true
  strike(fiber, host)
  return true
}

/**
 * Has no frames: those of whoever asks, if there are any, say nothing of the fiber, and a million fibers may be interrupted at
 * once. The reason has them, if it is an error.
 */
function interruption(reason: unknown): FiberInterrupted {
  return withoutFrames(() => new FiberInterrupted(reason))
}

/** Interrupts a part of a fiber: what runs inside that lifetime, its children included. */
export function cancel(lifetime: Lifetime, error: unknown, host: Host): void {
  if (lifetime.cancelled !== null) return
  const reason = error instanceof FiberInterrupted ? error.reason : error
  lifetime.cancelled = interruption(reason)
  interruptChildren(lifetime, reason, host)
  if (lifetime.owner !== null && !lifetime.closing) strike(lifetime.owner, host)
}

function interruptChildren(lifetime: Lifetime, reason: unknown, host: Host): void {
  for (const child of lifetime.living) host.interrupt(child, reason)
}

/** What is due may have changed: a fiber that waits hears at once. */
function strike(fiber: FiberState, host: Pick<Host, "ready">): void {
  refresh(fiber)
  if (fiber.due === null || !withdraw(fiber)) return
  fiber.resumeKind = THROW satisfies ResumeKind
  fiber.resumeValue = takeDue(fiber)
  host.ready(fiber)
}

/** Finds out what is to be thrown at the next check: the outermost interrupt that nothing forbids. */
export function refresh(fiber: FiberState): void {
  fiber.due = dueOf(fiber)
}

function dueOf(fiber: FiberState): FiberInterrupted | null {
  const { lifetime } = fiber
  const masks = lifetime instanceof Lifetime ? lifetime.masks : 0
  if (fiber.interruptPending && masks === 0) return fiber.interrupted
  let due: FiberInterrupted | null = null
  for (let at = lifetime; at instanceof Lifetime; at = at.outer)
    if (at.cancelled !== null && !at.delivered && !at.closing && masks <= at.masks) due = at.cancelled
  return due
}

/** Whoever takes it throws it. Interrupts of parts inside are done with it. */
function takeDue(fiber: FiberState): FiberInterrupted {
  const due = fiber.due as FiberInterrupted
  if (due === fiber.interrupted) fiber.interruptPending = false
  for (const at of lifetimesOf(fiber)) {
    at.delivered ||= at.cancelled !== null
    if (at.cancelled === due) break
  }
  refresh(fiber)
  return due
}

/** The fiber is inside from here on. */
export function enter(fiber: FiberState, lifetime: Lifetime, host: Host): void {
  // in a forged record it may be one that lies around here already
  if (lifetime.owner !== null) throw new RoveError("ROVE_RECORD", "a scope of a fiber is entered a second time")
  const { lifetime: outer } = fiber
  lifetime.lieIn(outer)
  fiber.lifetime = lifetime
  attach(fiber, lifetime, host)
  if (lifetime.masks > 0 || fiber.interruptPending) refresh(fiber)
}

/** It is over: what lies around it is in force again. */
export function leave(fiber: FiberState, lifetime: Lifetime): void {
  lifetime.timer?.cancel()
  lifetime.owner = null
  if (fiber.lifetime === lifetime) fiber.lifetime = lifetime.outer
  else
    for (const at of lifetimesOf(fiber))
      if (at.outer === lifetime) {
        at.outer = lifetime.outer
        break
      }
  refresh(fiber)
}

/** A slice begins: lifetimes that came with the fiber find their children and their clock here. */
export function arrive(fiber: FiberState, host: Host): void {
  let came = false
  for (let at = fiber.lifetime; at instanceof Lifetime; at = at.outer) {
    if (at.owner === fiber) continue
    attach(fiber, at, host)
    came = true
  }
  if (!came) return
  for (const at of allLifetimesOf(fiber)) if (at.owner !== fiber) attach(fiber, at, host)
  refresh(fiber)
}

function attach(fiber: FiberState, lifetime: Lifetime, host: Host): void {
  lifetime.owner = fiber
  if (lifetime.strict) {
    lifetime.failed = where => cancel(lifetime, lifetime.errors[0], where)
    lifetime.watch(host)
  }
  arm(lifetime, host)
}

/** Unless one around it ends it before. */
export function arm(lifetime: Lifetime, host: Host): void {
  const { until, outer, timer } = lifetime
  if (until === Number.POSITIVE_INFINITY || timer !== null) return
  if (outer instanceof Lifetime && outer.deadline <= until) return
  if (until <= host.now()) late(lifetime, host)
  else lifetime.timer = host.timer(until, () => late(lifetime, host))
}

function late(lifetime: Lifetime, host: Host): void {
  const { owner } = lifetime
  if (owner === null || lifetime.cancelled !== null) return
  const error = withoutFrames(() => new TimeoutError(lifetime.late))
  if (lifetime.whole) {
    interruptFiber(owner, error, host)
    return
  }
  lifetime.timedOut = true
  lifetime.errors.push(error)
  cancel(lifetime, error, host)
}
