/** Owns tying the running fiber to its present thread for a while. */
import { RoveError } from "@rove/core"
import type { FiberState } from "./runtime/fiber.ts"
import { machine } from "./runtime/thread.ts"

class BlockPin implements Disposable {
  readonly #fiber: FiberState
  readonly reason: string
  constructor(fiber: FiberState, reason: string) {
    this.#fiber = fiber
    this.reason = reason
    fiber.addPin(this)
  }
  [Symbol.dispose](): void {
    this.#fiber.removePin(this)
  }
}

/**
 * Ties the running fiber to its thread until the result is disposed of: `using _ = pin("why")`. Until then it is neither
 * moved nor saved, and may use thread-locals. Throws ROVE_NO_FIBER
 * outside of fibers.
 */
export function pin(reason: string): Disposable {
  const { fiber } = machine
  if (fiber === null)
    throw new RoveError("ROVE_NO_FIBER", "pin() ties the running fiber to its thread, and none runs here")
  if (typeof reason !== "string" || reason === "")
    throw new RoveError("ROVE_INVALID_ARGUMENT", "pin takes a reason, for whoever wonders why the fiber does not move")
  return new BlockPin(fiber, reason)
}
