/** Owns listening to the end of a fiber for as long as that is of interest: then nothing is left of it, however long the fiber lives. */
import { FiberRef } from "../operations/handle.ts"
import type { Outcome } from "../runtime/fiber.ts"
import type { Fibers } from "../runtime/homed-kinds.ts"
import type { FiberAddress } from "../runtime/host.ts"

export class Listening {
  readonly fiber: FiberRef<unknown>
  readonly #fibers: Fibers
  readonly #address: FiberAddress
  #listener: ((outcome: Outcome) => void) | null = null
  constructor(fiber: FiberRef<unknown>, fibers: Fibers) {
    this.fiber = fiber
    this.#fibers = fibers
    this.#address = FiberRef.addressOf(fiber)
  }
  /** Calls back once, perhaps at once, unless it was stopped before. `quiet`: as the host's `whenDone`. */
  start(ended: (outcome: Outcome) => void, quiet = false): void {
    this.#listener = outcome => {
      this.#listener = null
      ended(outcome)
    }
    this.#fibers.whenDone(this.#address, this.#listener, quiet)
  }
  stop(): void {
    if (this.#listener !== null) this.#fibers.unlisten(this.#address, this.#listener)
    this.#listener = null
  }
}
