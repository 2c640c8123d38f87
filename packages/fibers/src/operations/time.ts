/** Owns waiting for the clock. */
import { NEXT, RoveError, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { Waiter } from "./waiter.ts"

class Sleep extends BaseOperation<void> {
  readonly #ms: number
  constructor(ms: number) {
    super()
    this.#ms = ms
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const waiter = new Waiter(fiber, host, `sleep of ${this.#ms} ms`, "outside")
    const timer = host.timer(host.now() + this.#ms, () => waiter.wake(NEXT, undefined))
    return waiter.park(() => timer.cancel())
  }
}

/**
 * Waits that many milliseconds on the host's clock. Zero and negative times let others run first; `Infinity` waits
 * until the fiber is interrupted. Throws ROVE_INVALID_ARGUMENT for what is not a number.
 */
export function sleep(ms: number): Operation<void> {
  if (typeof ms !== "number" || Number.isNaN(ms))
    throw new RoveError("ROVE_INVALID_ARGUMENT", `sleep takes a number of milliseconds, not ${String(ms)}`)
  return new Sleep(Math.max(0, ms))
}
