/**
 * Owns a fiber: a computation with an identity, its status, and the transitions between statuses.
 *
 * A status says who owns the fiber: unstarted and ready ones belong to a queue of their thread (and may be taken by
 * another thread from there), a running one to the run loop, a parked one to whoever holds its `Park`, a moved one to
 * another thread (what is left here is a name), a done one to nobody. Statuses change only through the functions of this file.
 */
import type { Computation, Context, Frame } from "@rove/core"
import { type FiberInterrupted, invariant, NEXT, type ResumeKind, THROW } from "@rove/core"

export type FiberStatus = "unstarted" | "ready" | "running" | "parked" | "moved" | "done"

export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "interrupted"; readonly reason: unknown }

/** One wait: unique, with a reason that a person can read. Whoever holds it may wake the fiber once. */
export interface Park {
  readonly reason: string
  /** Only other fibers can end it: if all parks of a runtime are such, it is a deadlock. */
  readonly internal: boolean
  /** Undoes the registration at whatever is waited for. */
  cancel(): void
}

export class FiberState {
  readonly id: string
  readonly name: string
  /** Thread at which it was spawned. */
  readonly home: number
  status: FiberStatus = "unstarted"
  readonly root: Computation
  context: Context
  /** While stopped: the youngest frame, its depth, and the innermost computation. */
  top: Frame | null = null
  topDepth = 0
  inner: Computation | null = null
  resumeKind: ResumeKind = NEXT
  resumeValue: unknown = undefined
  park: Park | null = null
  /** Why it is tied to its thread; null if it is not known to be. */
  pinned: string | null = null
  outcome: Outcome | null = null
  /** Called once when it ends on this thread. */
  listeners: ((outcome: Outcome) => void)[] | null = null
  /** The interrupt that was asked for, whether or not it was delivered. */
  interrupted: FiberInterrupted | null = null
  /** It is still to be thrown, at the next check. */
  interruptPending = false
  constructor(id: string, name: string, home: number, root: Computation, context: Context) {
    this.id = id
    this.name = name
    this.home = home
    this.root = root
    this.context = context
  }
}

/** Throws the interrupt that is still to be delivered, if there is one. */
export function deliverInterrupt(fiber: FiberState): void {
  if (!fiber.interruptPending) return
  fiber.interruptPending = false
  throw fiber.interrupted
}

/** parked → ready. False, and nothing changes, if that park is over. The caller then gives the fiber to its host. */
export function unpark(fiber: FiberState, park: Park, kind: ResumeKind, value: unknown): boolean {
  if (fiber.park !== park) return false
  fiber.park = null
  fiber.status = "ready"
  fiber.resumeKind = kind
  fiber.resumeValue = value
  return true
}

/** unstarted or ready → moved: its record is on its way. Gives what it was, for `revive`. */
export function depart(fiber: FiberState): "unstarted" | "ready" {
  const was = fiber.status
  invariant(was === "unstarted" || was === "ready", "depart", `only unstarted and ready fibers move, not ${was} ones`)
  fiber.status = "moved"
  return was
}

/** moved → what it was: the other thread did not take it. */
export function revive(fiber: FiberState, was: "unstarted" | "ready"): void {
  invariant(fiber.status === "moved", "revive", `the fiber is moved, not ${fiber.status}`)
  fiber.status = was
}

/** any but done → done. */
export function settle(fiber: FiberState, outcome: Outcome): void {
  fiber.status = "done"
  fiber.outcome = outcome
  fiber.park = null
  fiber.top = null
  fiber.inner = null
  fiber.resumeValue = undefined
  const listeners = fiber.listeners
  fiber.listeners = null
  if (listeners !== null) for (const listener of listeners) listener(outcome)
}

/** What a join gives for an outcome: the value, or a resumption with the error. */
export function resumptionOf(outcome: Outcome): { readonly kind: ResumeKind; readonly value: unknown } {
  if (outcome.kind === "returned") return { kind: NEXT, value: outcome.value }
  return { kind: THROW, value: outcome.kind === "failed" ? outcome.error : outcome.reason }
}
