/**
 * Owns what channels, locks and the like have in common at their home: they answer at once, or the one who asks waits in a
 * queue. Whether that is a fiber of this thread or one elsewhere, they do not see.
 */
import { NEXT, THROW } from "@rove/core"
import { type Homed, type Homes, NOTHING, type Party } from "../runtime/homes.ts"
import type { Parties } from "./parties.ts"

/** Instead of an answer: whoever asks has to wait. */
export const WAITS: unique symbol = Symbol("waits")
/** The answer NOTHING. */
export const NONE: unique symbol = Symbol("nothing")

export abstract class HomedObject implements Homed {
  abstract readonly kind: string
  homes: Homes | null = null
  announced = false
  /** What the operation gives at once, WAITS, or NONE. Throws what it refuses; then nothing has changed, and neither has with WAITS. */
  abstract attempt(operation: number, argument: unknown): unknown
  /** The party waits from here on, after an attempt that gave WAITS. */
  abstract enqueue(party: Party): void
  abstract pack(seal: (value: unknown) => unknown): unknown
  /** Most objects are asked with plain data. */
  seals(_operation: number): boolean {
    return false
  }
  /** Somebody who waited has left its queue. */
  protected left(_party: Party): void {}

  serve(operation: number, argument: unknown, party: Party): void {
    let now: unknown
    try {
      now = this.attempt(operation, argument)
    } catch (error) {
      return void party.settle(THROW, error)
    }
    if (now === WAITS) this.enqueue(party)
    else if (now === NONE) party.settle(NOTHING, undefined)
    else party.settle(NEXT, now)
  }
  withdraw(party: Party): void {
    ;(party.queue as Parties).remove(party)
    this.left(party)
  }
}
