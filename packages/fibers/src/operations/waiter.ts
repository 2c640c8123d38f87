/**
 * Owns waiting: how an operation parks its fiber and wakes it again, once, whichever comes first.
 *
 * The order in every operation: make the waiter (refused where nothing may park, before anything is changed), register
 * at what is waited for, `park`. A wake-up that comes while registering is kept, and `park` then gives it at once.
 */
import { NEXT, type Park, type ResumeKind, RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { deliverInterrupt, type FiberState, wake } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { PARK } from "../runtime/machine.ts"
import type { BaseOperation } from "./operation.ts"

/** Refuses a wait that would have to stop native code which stands on the fiber's stack. */
export function checkMayPark(host: Host, reason: string): void {
  if (host.machine.masked === 0) return
  throw new RoveError(
    "ROVE_CANNOT_PARK",
    `a fiber cannot wait (${reason}) while native code stands on its stack: something native (Array.from, a spread, a callback, a getter, a native generator) drives the computation that waits; iterate it with for-of or yield* in compiled code`,
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

export class Waiter implements Park {
  readonly reason: string
  readonly internal: boolean
  readonly #fiber: FiberState
  readonly #host: Host
  #phase: "registering" | "woken" | "parked" = "registering"
  #kind: ResumeKind | undefined
  #value: unknown
  #undo: (() => void) | undefined
  constructor(fiber: FiberState, host: Host, reason: string, wakers: Wakers) {
    checkMayPark(host, reason)
    this.reason = reason
    this.internal = wakers === "fibers"
    this.#fiber = fiber
    this.#host = host
  }

  /** Parks, or returns (throws) what the fiber was already woken with. `undo` withdraws the registration on interrupt. */
  park<R>(undo?: () => void): R | Suspended {
    if (this.#phase === "woken") {
      if (this.#kind === THROW) throw this.#value
      return this.#value as R
    }
    this.#undo = undo
    parkFiber(this.#fiber, this.#host, this)
    this.#phase = "parked"
    return SUSPENDED
  }

  /** Wakes the fiber with a value or an error; false, and nothing changes, if its wait is over. */
  wake(kind: ResumeKind, value: unknown): boolean {
    if (this.#phase === "parked") {
      if (!wake(this.#fiber, this, kind, value)) return false
      this.#host.ready(this.#fiber)
      return true
    }
    if (this.#phase === "woken") return false
    this.#phase = "woken"
    this.#kind = kind
    this.#value = value
    return true
  }

  /** Ends the wait of a parked fiber without giving it to its host: it is the caller's. False if its wait is over. */
  take(): boolean {
    return this.#phase === "parked" && wake(this.#fiber, this, NEXT, undefined)
  }

  cancel(): void {
    this.#undo?.()
  }

  /** Operations whose wait can be had elsewhere too have a waiter of their own. */
  again(): BaseOperation<unknown> | null {
    return null
  }
}
