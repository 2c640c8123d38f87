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

/** It is not the fiber that waits: it has been stopped, perhaps where it may not wait itself, and goes on as it would have. */
const heldPark = (): Park => ({ reason: ARRIVAL, internal: false, withdraw: () => false, again: () => null })

/** A fiber that is ready, and is to leave, does not go on before all has arrived. False if there is nothing to wait for. */
export function holdUntilArrival<F extends Owned & { readonly underway: Underway | null }>(
  fiber: F,
  host: { ready(fiber: F): void; parked?(fiber: F): void },
): boolean {
  const { underway } = fiber
  if (underway === null) return false
  const park = heldPark()
  certain(hold(fiber, park), "holdUntilArrival", fiber)
  underway.whenArrived(() => {
    if (unpark(fiber, park)) host.ready(fiber)
  })
  host.parked?.(fiber)
  return true
}
