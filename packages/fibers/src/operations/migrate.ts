/** Owns a fiber's own wish to go on on a certain thread. */
import { isNatural, isUndefined, oneOf, type ResumeKind, RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { PREEMPT } from "../runtime/machine.ts"
import { follow, OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { Arrival } from "./errands.ts"
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
    if (fiber.underway !== null) return follow(host.machine, new Leaving(this.#thread)) as undefined | Suspended
    host.migrate(fiber, this.#thread, error => {
      if (error === null) return
      fiber.resumeKind = THROW // it is ready, and has not gone on yet
      fiber.resumeValue = error
    })
    // it waits for nobody: its slice ends here, and where its turn would come it goes
    host.machine.signal = PREEMPT
    return SUSPENDED
  }
}

/** It has sent something that has yet to arrive, and does not leave before. */
class Leaving implements Routine {
  result: undefined
  readonly thread: number
  step: "begin" | "arrival" | "migration" = "begin"
  constructor(thread: number) {
    this.thread = thread
  }
  next(_fiber: FiberState, _host: Host, kind: ResumeKind, value: unknown): unknown {
    if (kind === THROW) throw value
    if (this.step === "migration") return OVER
    if (this.step === "begin") {
      this.step = "arrival"
      return new Arrival()
    }
    this.step = "migration"
    return new MigrateTo(this.thread)
  }
}
registerRoutine("rove.Leaving", Leaving, {
  result: isUndefined,
  thread: isNatural,
  step: oneOf("begin", "arrival", "migration"),
})

/**
 * Goes on on that thread of the pool (an id, as in `currentThread().id`); at once if it is this one. Others may steal the fiber
 * from there: `pin` ties it. Throws ROVE_NO_THREAD if there is none, ROVE_NOT_PORTABLE if the fiber cannot leave: it goes on here.
 */
export function migrateTo(thread: number | { readonly id: number }): Operation<void> {
  const id = typeof thread === "number" ? thread : thread?.id
  if (!Number.isInteger(id))
    throw new RoveError("ROVE_INVALID_ARGUMENT", "migrateTo takes the id of a thread, a whole number")
  return new MigrateTo(id)
}
