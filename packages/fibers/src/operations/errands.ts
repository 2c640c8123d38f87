/**
 * Owns what a fiber sends where it may not wait: beneath native code, in a region that forbids it, at its end. It goes on at once, and
 * is as good as one that waited: before all has arrived it does not leave its thread, and does not end.
 */
import { anything, isTruth, NEXT, type ResumeKind, RoveError, type Suspended, THROW } from "@rove/core"
import type { HomedObject } from "../homed/object.ts"
import { HomedRef } from "../homed/ref.ts"
import { registerLastWait } from "../runtime/ending.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { handOver } from "../runtime/hand-over.ts"
import type { Asker, ReplyKind } from "../runtime/homes.ts"
import type { Host } from "../runtime/host.ts"
import { ownLifetime } from "../runtime/lifetime.ts"
import { OVER, type Routine, registerRoutine, routineFrame } from "../runtime/routine.ts"
import { ARRIVAL, settleArrival, Underway } from "../runtime/underway.ts"
import { BaseOperation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** What is to be done at a homed object by somebody who does not wait for it. */
export interface Errand {
  readonly ref: HomedRef
  readonly operation: number
  readonly argument: unknown
  /** Whether it was lost, so that it is to be done once more at the next object that has this address. */
  readonly isLost?: (error: unknown) => boolean
}

/** Throws, and nothing happens, if the argument is not portable; nothing is to be done where nobody knows of the object. */
export function runErrand(errand: Errand, fiber: FiberState, host: Host): void {
  const { ref, operation, argument } = errand
  const object = HomedRef.at(ref, host) as HomedObject | null
  if (object !== null) return void object.attempt(operation, handOver(argument))
  new Messenger(errand, fiber, host).go()
}

class Messenger implements Asker {
  readonly #errand: Errand
  readonly #fiber: FiberState
  readonly #host: Host
  /** As it was when it was sent, if it may have to be sent once more: the fiber has gone on. */
  readonly #argument: unknown
  #underway: Underway | null = null
  #again = false
  constructor(errand: Errand, fiber: FiberState, host: Host) {
    this.#errand = errand
    this.#argument = errand.isLost === undefined ? errand.argument : handOver(errand.argument)
    this.#fiber = fiber
    this.#host = host
  }
  get patient(): boolean {
    return true
  }
  get choice(): null {
    return null
  }
  go(): void {
    if (!this.#ask()) return
    const fiber = this.#fiber
    if (fiber.underway === null) {
      fiber.underway = new Underway()
      ownLifetime(fiber) // with none, its end would not be looked at
    }
    this.#underway = fiber.underway
    this.#underway.add()
  }
  /** False if nobody knows of the object. */
  #ask(): boolean {
    const { ref, operation } = this.#errand
    try {
      this.#host.homes.ask(HomedRef.share(ref), operation, this.#argument, this)
      return true
    } catch (error) {
      if (error instanceof RoveError && error.code === "ROVE_UNKNOWN_OBJECT") return false
      throw error
    }
  }
  /** Nobody would hear of an error; and what holds a port, say, was gone with the first one. */
  #askAgain(): boolean {
    try {
      return this.#ask()
    } catch {
      return false
    }
  }
  told(kind: ReplyKind, value: unknown): void {
    const isLost = kind === THROW && !this.#again && this.#errand.isLost?.(value) === true
    this.#again = true
    if (isLost && this.#askAgain()) return
    if (this.#underway?.arrived() === true && this.#fiber.underway === this.#underway) settleArrival(this.#fiber)
  }
  withdrawn(): void {}
  hold(): void {}
  release(): void {}
}

/** Waits until all that the fiber has sent has arrived. */
class Arrival extends BaseOperation<void> {
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const { underway } = fiber
    if (underway === null) return undefined
    const waiter = new LocalWaiter(fiber, host, ARRIVAL)
    underway.whenArrived(() => void waiter.wake(NEXT, undefined))
    return waiter.park()
  }
}

/** The fiber has ended but for that: it gives, or throws, what it is resumed with first. */
class Lingering implements Routine {
  result: unknown = undefined
  hasFailed = false
  hasBegun = false
  next(fiber: FiberState, _host: Host, kind: ResumeKind, value: unknown): unknown {
    if (!this.hasBegun) {
      this.hasBegun = true
      this.hasFailed = kind === THROW
      this.result = value
    }
    // an interrupt comes too late
    if (fiber.underway !== null) return new Arrival()
    if (this.hasFailed) throw this.result
    return OVER
  }
}

registerRoutine("rove.Lingering", Lingering, { result: anything, hasFailed: isTruth, hasBegun: isTruth })
registerLastWait(() => routineFrame(new Lingering()))
