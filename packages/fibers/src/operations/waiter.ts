/**
 * Owns waiting: how an operation parks its fiber and wakes it again, once, whichever comes first.
 *
 * The order in every operation: make the waiter (refused where nothing may park, before anything is changed), register
 * at what is waited for, `park`. A wake-up that comes while registering is kept, and `park` then gives it at once.
 */
import { AGAIN, NEXT, type Park, type ResumeKind, RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { type FiberState, wake } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { PARK } from "../runtime/machine.ts"
import { forbidsWait, threadLockOf } from "../runtime/restrictions.ts"
import type { BaseOperation } from "./operation.ts"

/** What a fiber is about to wait for; `brief`: it goes on by itself as soon as others had their turn. */
interface Wait {
  readonly reason: string
  readonly brief?: boolean
}

/** Refuses a wait that native code on the fiber's stack, or a region that the fiber is in, forbids. */
export function checkMayPark(host: Host, wait: Wait): void {
  checkMayStop(host, wait)
  const { fiber } = host.machine
  if (fiber === null || fiber.restricted === null) return
  const kind = forbidsWait(fiber, wait.brief === true)
  if (kind === "threadLock")
    throw new RoveError(
      "ROVE_THREAD_LOCK",
      `a fiber holds ${threadLockOf(fiber)}, a lock of its thread, and would let others run there, or go (${wait.reason}): nothing has changed; unlock it before, or use mutex(), which belongs to the fiber`,
    )
  if (kind === "noSwitch")
    throw new RoveError(
      "ROVE_NO_SWITCH",
      `inside noSwitch no other fiber may run, and this would let them (${wait.reason}): nothing has changed; do it before or after the region`,
    )
  if (kind === "noBlock")
    throw new RoveError(
      "ROVE_NO_BLOCK",
      `inside noBlock a fiber waits for nobody, and this would (${wait.reason}): nothing has changed; do it before or after the region, or ask first whether it would have to wait`,
    )
}

/** Refuses to stop a fiber where native code stands on its stack. */
export function checkMayStop(host: Host, wait: Wait): void {
  if (host.machine.masked === 0) return
  throw new RoveError(
    "ROVE_CANNOT_PARK",
    `a fiber cannot wait (${wait.reason}) while native code stands on its stack: something native (Array.from, a spread, a callback, a getter, a native generator) drives the computation that waits; iterate it with for-of or yield* in compiled code`,
  )
}

/** Parks the running fiber; the operation returns what this returns. */
function parkFiber(fiber: FiberState, host: Host, park: Park): Suspended {
  deliverInterrupt(fiber)
  fiber.park = park
  host.machine.signal = PARK
  return SUSPENDED
}

/** Who may end the wait: only other fibers of the runtime (deadlocks are found among these), or also the outside. */
export type Wakers = "fibers" | "outside"

/** What the fiber is to go on with, if it is woken before it has stopped. */
interface Early {
  readonly kind: ResumeKind
  readonly value: unknown
}

/** One object for each wait, and little of it: there may be a million. What a kind of wait needs, it adds. */
export abstract class Waiter implements Park {
  protected readonly fiber: FiberState
  protected readonly host: Host
  #phase: "registering" | "parked" | Early = "registering"
  constructor(fiber: FiberState, host: Host) {
    this.fiber = fiber
    this.host = host
  }
  abstract readonly reason: string
  abstract readonly wakers: Wakers
  get internal(): boolean {
    return this.wakers === "fibers"
  }

  /** Parks, or returns (throws) what the fiber was already woken with. */
  park<R>(): R | Suspended {
    const phase = this.#phase
    if (typeof phase === "object") {
      if (phase.kind === THROW) throw phase.value
      return phase.value as R
    }
    parkFiber(this.fiber, this.host, this)
    this.#phase = "parked"
    return SUSPENDED
  }

  /** Wakes the fiber with a value or an error; false, and nothing changes, if its wait is over. */
  wake(kind: ResumeKind, value: unknown): boolean {
    if (this.#phase === "parked") {
      if (!wake(this.fiber, this, kind, value)) return false
      this.host.ready(this.fiber)
      return true
    }
    if (typeof this.#phase === "object") return false
    this.#phase = { kind, value }
    return true
  }

  /** Ends the wait of a parked fiber without giving it to its host: it is the caller's. False if its wait is over. */
  take(): boolean {
    return this.#phase === "parked" && wake(this.fiber, this, NEXT, undefined)
  }

  /** Ends the wait of a parked fiber so that it begins anew, wherever the fiber then is. */
  protected repeat(operation: BaseOperation<unknown> | null = this.again()): void {
    if (wake(this.fiber, this, AGAIN, operation)) this.host.ready(this.fiber)
  }

  /** The wait is over before its time: waits that have registered somewhere withdraw there. */
  cancel(): void {}

  /** False if whoever is waited for has the last word: then the wait ends soon, by `wake` or `repeat`. */
  withdraw(): boolean {
    this.cancel()
    return true
  }

  /** Operations whose wait can be had elsewhere too have a waiter that says so. */
  again(): BaseOperation<unknown> | null {
    return null
  }
}

/** A wait that only this thread can end. */
export class LocalWaiter extends Waiter {
  readonly brief: boolean
  readonly reason: string
  constructor(fiber: FiberState, host: Host, reason: string, brief = false) {
    super(fiber, host)
    this.reason = reason
    this.brief = brief
    checkMayPark(host, this)
  }
  get wakers(): Wakers {
    return "outside"
  }
}
