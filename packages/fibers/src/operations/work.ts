/** Owns waiting for work that is told when its fiber is interrupted, and whose end is waited for all the same. */
import { NEXT, type ResumeKind, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { follow, OVER, type Routine } from "../runtime/routine.ts"
import { withAwaited } from "../runtime/stacks.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayPark, LocalWaiter } from "./waiter.ts"

/** How it ended. */
export interface WorkEnd {
  readonly kind: ResumeKind
  readonly value: unknown
}

export interface Work {
  /** For those who look what the fiber waits for. */
  readonly reason: string
  /** Begins, and calls back once, perhaps at once. Gives what tells it to end. */
  start(ended: (end: WorkEnd) => void): () => void
}

/** Work that has begun: it belongs to its thread. */
class Running {
  end: WorkEnd | null = null
  waiter: LocalWaiter | null = null
  readonly stop: () => void
  constructor(work: Work, fiber: FiberState) {
    this.stop = work.start(end => {
      this.end = end
      if (this.waiter === null) return
      if (end.kind === THROW && fiber.park === this.waiter) withAwaited(end.value, fiber.top)
      this.waiter.wake(NEXT, undefined)
    })
  }
}

class EndOfWork extends BaseOperation<void> {
  readonly #running: Running
  readonly #reason: string
  constructor(running: Running, reason: string) {
    super()
    this.#running = running
    this.#reason = reason
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const running = this.#running
    if (running.end !== null) return undefined
    running.waiter = new LocalWaiter(fiber, host, this.#reason)
    return running.waiter.park()
  }
}

class Working implements Routine {
  readonly #work: Work
  #running: Running | null = null
  /** With what its fiber was interrupted. */
  #interrupt: { readonly error: unknown } | null = null
  result: unknown = undefined
  constructor(work: Work) {
    this.#work = work
  }
  next(fiber: FiberState, _: Host, kind: ResumeKind, value: unknown): unknown {
    const { reason } = this.#work
    if (this.#running === null) {
      this.#running = new Running(this.#work, fiber)
      return new EndOfWork(this.#running, reason)
    }
    if (kind === THROW) {
      if (this.#interrupt !== null) throw value
      this.#interrupt = { error: value }
      this.#running.stop()
      return new EndOfWork(this.#running, `end, after its interrupt, of ${reason}`)
    }
    if (this.#interrupt !== null) throw this.#interrupt.error
    const end = this.#running.end as WorkEnd
    if (end.kind === THROW) throw end.value
    this.result = end.value
    return OVER
  }
}

class Await<R> extends BaseOperation<R> {
  readonly #work: Work
  constructor(work: Work) {
    super()
    this.#work = work
  }
  perform(_: FiberState, host: Host): R | Suspended {
    checkMayPark(host, this.#work)
    return follow(host.machine, new Working(this.#work)) as R | Suspended
  }
}

/** Does the work, and waits for its end: gives its value, or throws its error. If the fiber is interrupted, the work is stopped, its end waited for, and then the interrupt thrown. */
export function awaitWork<R>(work: Work): Operation<R> {
  return new Await<R>(work)
}
