/** Owns waiting for the end of a fiber, and running a child that nobody has begun in place of waiting for it. */
import { NEXT, RETURN, RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import type { FiberState, Outcome } from "../runtime/fiber.ts"
import { handedOver, isPlain } from "../runtime/hand-over.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { forget } from "../runtime/lifetime.ts"
import { runSlice } from "../runtime/slice.ts"
import { enterStore } from "../runtime/store.ts"
import type { Alternative, Branch, Waiting } from "./alternative.ts"
import { BaseOperation } from "./operation.ts"
import { checkMayPark, Waiter, type Wakers } from "./waiter.ts"

/** Levels of native depth that an inlined child costs its joiner before its own first step. */
const INLINE_COST = 4

export class Join<R> extends BaseOperation<R> implements Alternative {
  readonly #target: FiberAddress
  readonly #local: FiberState | null
  constructor(target: FiberAddress, local: FiberState | null) {
    super()
    this.#target = target
    this.#local = local
  }
  static isJoin(value: object): value is Join<unknown> {
    return #target in value
  }
  static take(join: Join<unknown>): { target: FiberAddress } {
    return { target: join.#target }
  }
  override get awaitsEnds(): boolean {
    return true
  }
  /** As a branch of several waits it runs nobody in place of waiting. */
  attempt(_: FiberState, host: Host): unknown | Suspended {
    const local = this.#local
    return local?.status === "done" ? resultOf(local, host) : SUSPENDED
  }
  wakersOf(): Wakers {
    return "fibers"
  }
  isLocal(): boolean {
    return true
  }
  waitAs(branch: Branch): Waiting | null {
    const target = this.#local ?? this.#target
    const listener = (outcome: Outcome): void => {
      const { kind, value } = handedOver(outcome, target)
      branch.happened(kind === THROW ? THROW : NEXT, value)
    }
    if (!branch.patient) return null
    branch.host.whenDone(target, listener)
    return { undo: () => branch.host.unlisten(target, listener), again: () => this }
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const target = this.#target
    const local = this.#local
    if (local !== null) {
      // what runs in its place is another fiber: a switch, whether or not it is one of threads
      if (fiber.restricted !== null && local.outcome === null) checkMayPark(host, { reason: joinReason(this.#target) })
      if (local.status === "unstarted") runInline(local, fiber, host)
      if (local.status === "done") {
        if (fiber.lifetime !== null) {
          forget(fiber, local)
          // its failure may be the end of this scope, as it is for a fiber that waits here
          if (fiber.due !== null) deliverInterrupt(fiber)
        }
        return resultOf(local, host) as R
      }
    }
    if (target.id === fiber.id) throw new RoveError("ROVE_DEADLOCK", `fiber ${fiber.id} (${fiber.name}) joins itself`)
    const waiter = new JoinWaiter(target, local, fiber, host)
    host.whenDone(local ?? target, waiter.ended)
    return waiter.park()
  }
}

/** A wait for the end of a fiber, for who looks for circles of them. */
export interface JoinPark {
  readonly reason: string
  readonly target: FiberAddress
  /** The target itself, if it was on this thread when the wait began. */
  readonly local: FiberState | null
  /** Ends the wait with an error. */
  fail(error: unknown): void
}

/** What a parked fiber joins; null if it does something else. */
export function joinOf(fiber: FiberState): JoinPark | null {
  return fiber.status === "parked" && fiber.park instanceof JoiningWaiter && fiber.park.joins ? fiber.park : null
}

/** A wait for the end of a fiber, or of several; then the target is one that has not ended. */
export abstract class JoiningWaiter extends Waiter implements JoinPark {
  abstract readonly target: FiberAddress
  abstract readonly local: FiberState | null
  /** Only the end of the target, whatever else comes, ends the wait. */
  get joins(): boolean {
    return true
  }
  get wakers(): Wakers {
    return "fibers"
  }
  fail(error: unknown): void {
    this.wake(THROW, error)
  }
}

function joinReason({ id, name }: FiberAddress): string {
  return `join of fiber ${id} (${name})`
}

/** The target is known by its address wherever the wait goes on. */
class JoinWaiter extends JoiningWaiter {
  readonly target: FiberAddress
  readonly local: FiberState | null
  constructor(target: FiberAddress, local: FiberState | null, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.target = target
    this.local = local
    checkMayPark(host, this)
  }
  get reason(): string {
    return joinReason(this.target)
  }
  readonly ended = (outcome: Outcome): void => {
    const { kind, value } = handedOver(outcome, this.target)
    this.wake(kind, value)
  }
  override cancel(): void {
    this.host.unlisten(this.local ?? this.target, this.ended)
  }
  /** With the fiber itself: here its end may be known of it alone. A record has its address. */
  override again(): Join<unknown> {
    return new Join(this.target, this.local)
  }
}

/**
 * One slice of a child that nobody began, on top of the joiner's stack, if there is native depth left for it. Beneath
 * native code the joiner could not wait for a child that stops, so it is not begun there.
 */
export function runInline(child: FiberState, joiner: FiberState, host: Host): void {
  const m = host.machine
  const allowance = m.ceiling - m.depth - INLINE_COST
  if (m.masked > 0 || allowance < 1 || !host.claim(child)) return
  enterStore(m, child.context.variables)
  if (runSlice(m, child, host, allowance) === "ready") host.ready(child)
  enterStore(m, joiner.context.variables)
}

function resultOf(fiber: FiberState, host: Host): unknown {
  const { resumeValue } = fiber
  if (fiber.resumeKind === RETURN && isPlain(resumeValue)) return resumeValue
  const outcome = fiber.outcome as Outcome
  if (outcome.kind === "failed") host.heard(fiber)
  const { kind, value } = handedOver(outcome, fiber)
  if (kind === THROW) throw value
  return value
}
