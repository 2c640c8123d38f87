/** Owns a fiber: a computation with an identity. Its status and who may change that are in @rove/core, status.ts. */
import type { Computation, Context, Frame } from "@rove/core"
import {
  type AGAIN,
  certain,
  type FiberInterrupted,
  type FiberStatus,
  finish,
  NEXT,
  type Owned,
  type Park,
  type ResumeKind,
  THROW,
  unpark,
} from "@rove/core"

export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "interrupted"; readonly reason: unknown }

export class FiberState implements Owned {
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
  /** AGAIN: with the result of the operation `resumeValue`, which is performed first. */
  resumeKind: ResumeKind | typeof AGAIN = NEXT
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

/** Ends a wait, by who holds its park; the caller then gives the fiber to its host. False, and nothing changes, if that wait is over. */
export function wake(fiber: FiberState, park: Park, kind: ResumeKind, value: unknown): boolean {
  if (!unpark(fiber, park)) return false
  fiber.resumeKind = kind
  fiber.resumeValue = value
  return true
}

/** The fiber's one end: nothing of its state is kept, and those who wait for it hear. False if nobody does. */
export function settle(fiber: FiberState, outcome: Outcome): boolean {
  certain(finish(fiber), "settle", fiber)
  fiber.outcome = outcome
  fiber.top = null
  fiber.inner = null
  fiber.resumeValue = undefined
  const listeners = fiber.listeners
  fiber.listeners = null
  if (listeners === null) return false
  for (const listener of listeners) listener(outcome)
  return true
}

/** What a join gives for an outcome: the value, or a resumption with the error. */
export function resumptionOf(outcome: Outcome): { readonly kind: ResumeKind; readonly value: unknown } {
  if (outcome.kind === "returned") return { kind: NEXT, value: outcome.value }
  return { kind: THROW, value: outcome.kind === "failed" ? outcome.error : outcome.reason }
}
