/** Owns waiting for a promise: the way from a fiber to ordinary asynchronous code. */
import { NEXT, RoveError, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { Waiter } from "./waiter.ts"

export interface WaitOptions {
  /** Ends the wait with the signal's reason as error; what the promise stands for goes on. */
  readonly signal?: AbortSignal
}

class Wait<T> extends BaseOperation<T> {
  readonly #source: PromiseLike<T> | (() => PromiseLike<T>)
  readonly #signal: AbortSignal | undefined
  constructor(source: PromiseLike<T> | (() => PromiseLike<T>), signal: AbortSignal | undefined) {
    super()
    this.#source = source
    this.#signal = signal
  }
  perform(fiber: FiberState, host: Host): T | Suspended {
    const source = this.#source
    const signal = this.#signal
    const waiter = new Waiter(fiber, host, reasonOf(source), "outside")
    signal?.throwIfAborted()
    const promise = typeof source === "function" ? source() : source
    if (!isThenable(promise))
      throw new RoveError("ROVE_INVALID_ARGUMENT", "wait takes a promise, or a function that returns one")
    const abort = () => waiter.wake(THROW, signal?.reason)
    const release = () => signal?.removeEventListener("abort", abort)
    signal?.addEventListener("abort", abort, { once: true })
    // Both outcomes are always taken, so that a wait that ended otherwise leaves no unhandled rejection.
    Promise.resolve(promise).then(
      value => {
        release()
        waiter.wake(NEXT, value)
      },
      error => {
        release()
        waiter.wake(THROW, error)
      },
    )
    return waiter.park(release)
  }
}

function reasonOf(source: unknown): string {
  return typeof source === "function" && source.name !== ""
    ? `wait for the promise of ${source.name}()`
    : "wait for a promise"
}

function isThenable(value: unknown): boolean {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  )
}

/**
 * Waits for a promise, or for the one that the function returns when the operation is performed. A rejection is thrown
 * in the fiber. Interrupting the fiber ends the wait at once; the work behind the promise goes on unless it is told.
 */
export function wait<T>(source: (() => PromiseLike<T>) | PromiseLike<T>, options?: WaitOptions): Operation<T> {
  return new Wait(source, options?.signal)
}
