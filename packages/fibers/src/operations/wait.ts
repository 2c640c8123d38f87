/** Owns waiting for a promise: the way from a fiber to ordinary asynchronous code. */
import { NEXT, optionNames, RoveError, refuseUnknown, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { withAwaited } from "../runtime/stacks.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

export interface WaitOptions {
  /** Ends the wait with the signal's reason as error; what the promise stands for goes on. */
  readonly signal?: AbortSignal
}

const OPTIONS = optionNames<WaitOptions>({ signal: true })

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
    const waiter = new PromiseWaiter(fiber, host, reasonOf(source), signal)
    signal?.throwIfAborted()
    const promise = typeof source === "function" ? source() : source
    if (!isThenable(promise))
      throw new RoveError("ROVE_INVALID_ARGUMENT", "wait takes a promise, or a function that returns one")
    waiter.listen()
    // Both outcomes are always taken, so that a wait that ended otherwise leaves no unhandled rejection.
    Promise.resolve(promise).then(
      value => {
        waiter.cancel()
        waiter.wake(NEXT, value)
      },
      error => {
        waiter.cancel()
        if (fiber.park === waiter) withAwaited(error, fiber.top)
        waiter.wake(THROW, error)
      },
    )
    return waiter.park()
  }
}

/** Its signal ends the wait, and is not listened to any longer than it lasts. */
class PromiseWaiter extends LocalWaiter {
  readonly #signal: AbortSignal | undefined
  #abort: (() => void) | null = null
  constructor(fiber: FiberState, host: Host, reason: string, signal: AbortSignal | undefined) {
    super(fiber, host, reason)
    this.#signal = signal
  }
  listen(): void {
    const signal = this.#signal
    if (signal === undefined) return
    this.#abort = () => this.wake(THROW, signal.reason)
    signal.addEventListener("abort", this.#abort, { once: true })
  }
  override cancel(): void {
    if (this.#abort !== null) this.#signal?.removeEventListener("abort", this.#abort)
  }
}

function reasonOf(source: unknown): string {
  return typeof source === "function" && source.name !== ""
    ? `wait for the promise of ${source.name}()`
    : "wait for a promise"
}

export function isThenable(value: unknown): boolean {
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
  if (options !== undefined) refuseUnknown(options, OPTIONS, "wait")
  return new Wait(source, options?.signal)
}
