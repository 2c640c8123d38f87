/** Owns a fiber's own wish to go on on a certain thread. */
import { RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { PREEMPT } from "../runtime/machine.ts"
import { show } from "../runtime/options.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayPark } from "./waiter.ts"

class MigrateTo extends BaseOperation<void> {
  readonly #thread: number
  constructor(thread: number) {
    super()
    this.#thread = thread
  }
  get reason(): string {
    return `to migrate to thread ${this.#thread}`
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    if (this.#thread === host.threadId) return undefined
    if (host.migrate === undefined)
      throw new RoveError("ROVE_NO_THREAD", "this host has one thread: only fibers of a pool can migrate")
    checkMayPark(host, this)
    host.migrate(fiber, this.#thread, error => {
      // one that was recorded meanwhile has ended here, and has no use for it
      if (error === null || fiber.status === "done") return
      fiber.resumeKind = THROW // it is ready, and has not gone on yet
      fiber.resumeValue = error
    })
    // it waits for nobody: its slice ends here, and where its turn would come it goes
    host.machine.signal = PREEMPT
    return SUSPENDED
  }
}

/**
 * Goes on on that thread of the pool (an id, as in `currentThread().id`); at once if it is this one. Others may steal the fiber
 * from there: `pin` ties it. Throws ROVE_NO_THREAD if there is none, ROVE_NOT_PORTABLE if the fiber cannot leave, or somebody wanted it elsewhere
 * meanwhile (`handle.migrateTo`): it goes on here.
 */
export function migrateTo(thread: number | { readonly id: number }): Operation<void> {
  const id = typeof thread === "number" ? thread : thread?.id
  if (!Number.isInteger(id))
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `migrateTo takes the id of a thread, a whole number, not ${show(thread)}`,
    )
  return new MigrateTo(id)
}
