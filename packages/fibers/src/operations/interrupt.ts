/** Owns asking a fiber to end. */
import { NEXT, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { handOverError } from "../runtime/hand-over.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { forbidsWait } from "../runtime/restrictions.ts"
import type { Delivery } from "../runtime/thread-state.ts"
import { BaseOperation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** As far as it is known: "sent" where native code stands on the stack of who asks, or a region forbids it, so that it cannot wait for the answer. */
export type Interruption = Delivery | "sent"

export class Interrupt extends BaseOperation<Interruption> {
  readonly #target: FiberAddress
  readonly #reason: unknown
  constructor(target: FiberAddress, reason: unknown) {
    super()
    this.#target = target
    this.#reason = reason
  }
  perform(fiber: FiberState, host: Host): Interruption | Suspended {
    const { id, name } = this.#target
    const answer = new Answer()
    host.interrupt(this.#target, handOverError(this.#reason), answer.tell)
    // whoever interrupts itself ends here, not at some later check
    deliverInterrupt(fiber)
    if (answer.delivery !== null) return answer.delivery
    if (host.machine.masked > 0 || (fiber.restricted !== null && forbidsWait(fiber, false) !== null)) return "sent"
    answer.waiter = new LocalWaiter(fiber, host, `answer of fiber ${id} (${name}) to an interrupt`)
    return answer.waiter.park()
  }
}

/** It comes at once, or from another thread while the fiber waits for it. */
class Answer {
  delivery: Delivery | null = null
  waiter: LocalWaiter | null = null
  readonly tell = (delivery: Delivery): void => {
    this.delivery = delivery
    this.waiter?.wake(NEXT, delivery)
  }
}
