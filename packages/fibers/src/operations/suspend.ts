/** Owns a fiber's own wish to become a record: for who moves fibers by hand. */
import { RoveError, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { save } from "../runtime/save.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

class Suspend extends BaseOperation<void> {
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const take = host.taker?.(fiber)
    if (take === undefined)
      throw new RoveError(
        "ROVE_NO_TAKER",
        `fiber ${fiber.id} (${fiber.name}) suspends itself, but nobody takes its record: start it with LocalHost.start`,
      )
    const waiter = new LocalWaiter(fiber, host, "suspend")
    // When this microtask runs, the slice is over and the fiber is all data.
    queueMicrotask(() => {
      if (waiter.take()) take(save(fiber))
    })
    return waiter.park()
  }
}

/**
 * Suspends this fiber: whoever started or resumed it (`LocalHost.start`, `resume`) gets its record, and it goes on
 * where that record is resumed. Throws ROVE_NO_TAKER elsewhere; a pool moves its fibers by itself.
 */
export function suspend(): Operation<void> {
  return new Suspend()
}
