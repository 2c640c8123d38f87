/** Owns a fiber's own wish to stop: to become a record, for who moves fibers by hand, or until somebody has it go on. */

import { RoveError, type Suspended } from "@rove/core"
import { limitOf, type WaitingOptions } from "../homed/ref.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { save } from "../runtime/save.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import type { Resumer } from "./resumer.ts"
import { SuspendWith } from "./suspension.ts"
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
export function suspend(): Operation<void>
/**
 * Stops this fiber until somebody has it go on: `register` is called once, at once, with what does that the first time it is used,
 * and what may be handed to anybody, on any thread; a generator function is run in this fiber. Gives the value, or throws the
 * error, with which it was used; throws ROVE_TIMEOUT, and WorkerLost if the fiber has moved and the thread where it began to wait
 * is gone.
 */
export function suspend<T>(register: (resume: Resumer<T>) => unknown, options?: WaitingOptions): Operation<T>
export function suspend(
  register?: (resume: Resumer<unknown>) => unknown,
  options?: WaitingOptions,
): Operation<unknown> {
  if (register === undefined) return new Suspend()
  if (typeof register === "function") return new SuspendWith(register, limitOf(options, "suspend"))
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `suspend takes a function that is called with the resumer, or nothing, not ${kindOf(register)}`,
  )
}
