/**
 * Owns that what a fiber has sent without waiting is on its way. Until it has arrived the fiber neither leaves its thread, since what it
 * sends from elsewhere could come before, nor ends, since others could hear of that first.
 */
import { certain, hold, type Owned, type Park, unpark } from "@rove/core"

/** The wait for all of that. */
export const ARRIVAL = "arrival of what it has sent"

export class Underway {
  readonly reason = "what it has sent has yet to arrive"
  #count = 0
  #heard: (() => void)[] = []
  add(): void {
    this.#count++
  }
  /** One thing has arrived, or never will. True if that was the last. */
  arrived(): boolean {
    this.#count--
    return this.#count === 0
  }
  /** Calls it once all has arrived. */
  whenArrived(heard: () => void): void {
    this.#heard.push(heard)
  }
  tell(): void {
    for (const heard of this.#heard.splice(0)) heard()
  }
}

/** All has arrived, or time is over: the fiber waits for nothing of that any more. */
export function settleArrival(fiber: { underway: Underway | null }): void {
  const { underway } = fiber
  if (underway === null) return
  fiber.underway = null
  underway.tell()
}

interface Holdable extends Owned {
  underway: Underway | null
  readonly tied: string | null
}
interface Holder<F> {
  ready(fiber: F): void
  parked?(fiber: F): void
}

/** It is not the fiber that waits: it has been stopped, perhaps where it may not wait itself, and goes on as it would have. */
class Held<F extends Holdable> implements Park {
  readonly reason = ARRIVAL
  readonly internal = false
  readonly #fiber: F
  readonly #host: Holder<F>
  constructor(fiber: F, host: Holder<F>) {
    this.#fiber = fiber
    this.#host = host
  }
  withdraw(): boolean {
    return false
  }
  again(): null {
    return null
  }
  over(): void {
    if (unpark(this.#fiber, this)) this.#host.ready(this.#fiber)
  }
}

/**
 * A fiber that is ready, and is to leave, does not go on before all has arrived. False if there is nothing to wait for, or it cannot
 * leave in any case.
 */
export function holdUntilArrival<F extends Holdable>(fiber: F, host: Holder<F>): boolean {
  const { underway } = fiber
  if (underway === null || fiber.tied !== null) return false
  const held = new Held(fiber, host)
  certain(hold(fiber, held), "holdUntilArrival", fiber)
  underway.whenArrived(() => held.over())
  host.parked?.(fiber)
  return true
}

/** It is not to leave any more, and waits no longer: one that was held goes on here, one that has ended but for that ends. */
export function giveUpArrival(fiber: Holdable): void {
  const { park } = fiber
  if (park instanceof Held) park.over()
  else if (park?.reason === ARRIVAL) settleArrival(fiber)
}
