/** Owns asking a fiber to end. */
import { deliverInterrupt, type FiberState } from "../runtime/fiber.ts"
import { handOverError } from "../runtime/hand-over.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { BaseOperation } from "./operation.ts"

export class Interrupt extends BaseOperation<void> {
  readonly #target: FiberAddress
  readonly #reason: unknown
  constructor(target: FiberAddress, reason: unknown) {
    super()
    this.#target = target
    this.#reason = reason
  }
  perform(fiber: FiberState, host: Host): undefined {
    host.interrupt(this.#target, handOverError(this.#reason))
    // whoever interrupts itself ends here, not at some later check
    deliverInterrupt(fiber)
  }
}
