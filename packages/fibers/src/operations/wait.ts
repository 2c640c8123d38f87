/** Owns waiting for a promise: the way from a fiber to ordinary asynchronous code. */
import { optionNames, RoveError, refuseUnknown, SUSPENDED, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { calledAs, kindOf } from "../runtime/not-compiled.ts"
import { Performable } from "../runtime/performable.ts"
import { withAwaited } from "../runtime/stacks.ts"
import type { Alternative, Branch, Waiting } from "./alternative.ts"
import { type Listener, listen } from "./listened.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter, type Wakers } from "./waiter.ts"

export interface WaitOptions {
  /** Ends the wait with the signal's reason as error; what the promise stands for goes on. */
  readonly signal?: AbortSignal
}

const OPTIONS = optionNames<WaitOptions>({ signal: true })

class Wait<T> extends BaseOperation<T> implements Alternative {
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
    const waiter = new PromiseWaiter(fiber, host, reasonOf(source))
    signal?.throwIfAborted()
    const promise = typeof source === "function" ? source() : source
    if (!isThenable(promise)) throw noPromise(source, promise)
    waiter.listen(promise, signal)
    return waiter.park()
  }
  get unfit(): string | null {
    const source = this.#source
    if (typeof source === "function")
      return "would begin work that is not undone if something else is chosen: call the function before, and choose wait(promise)"
    return isThenable(source) ? null : "is the wait for something that is no promise"
  }
  /** Nobody sees whether a promise is settled before it is asked, and that takes a moment. */
  attempt(): Suspended {
    this.#signal?.throwIfAborted()
    return SUSPENDED
  }
  wakersOf(): Wakers {
    return "outside"
  }
  isLocal(): boolean {
    return true
  }
  waitAs(branch: Branch): Waiting | null {
    if (!branch.patient) return null
    const undo = listenUntil(this.#source as PromiseLike<T>, this.#signal, (kind, value) =>
      branch.happened(kind, value),
    )
    return { undo, again: () => this, stays: true }
  }
}

class PromiseWaiter extends LocalWaiter {
  #undo: (() => void) | null = null
  listen(promise: PromiseLike<unknown>, signal: AbortSignal | undefined): void {
    this.#undo = listenUntil(promise, signal, (kind, value) => {
      if (kind === THROW && value !== signal?.reason && this.fiber.park === this) withAwaited(value, this.fiber.top)
      this.wake(kind, value)
    })
  }
  override cancel(): void {
    this.#undo?.()
  }
}

/** Its signal ends the wait for a promise, and is not listened to any longer than that lasts. Gives what ends it otherwise. */
function listenUntil(promise: PromiseLike<unknown>, signal: AbortSignal | undefined, listener: Listener): () => void {
  if (signal === undefined) return listen(promise, listener)
  const over = (): void => {
    stop()
    signal.removeEventListener("abort", abort)
  }
  const abort = (): void => {
    over()
    listener(THROW, signal.reason)
  }
  const stop = listen(promise, (kind, value) => {
    over()
    listener(kind, value)
  })
  signal.addEventListener("abort", abort, { once: true })
  return over
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

/** `given`: what the function returned, if it was one. */
function noPromise(source: unknown, given: unknown): RoveError {
  const what =
    typeof source === "function"
      ? `and ${calledAs(source as () => unknown)} gave ${kindOf(given)}`
      : `not ${kindOf(given)}`
  const isOurs = typeof given === "object" && given !== null && (Performable.is(given) || computationOf(given) !== null)
  const hint = isOurs ? ": write yield* before that, without wait" : ""
  return new RoveError("ROVE_INVALID_ARGUMENT", `wait takes a promise, or a function that returns one, ${what}${hint}`)
}

/**
 * Waits for a promise, or for the one that the function returns when the operation is performed. A rejection is thrown
 * in the fiber. Interrupting the fiber ends the wait at once; the work behind the promise goes on unless it is told.
 */
export function wait<T>(source: (() => PromiseLike<T>) | PromiseLike<T>, options?: WaitOptions): Operation<T> {
  if (options !== undefined) refuseUnknown(options, OPTIONS, "wait")
  return new Wait(source, options?.signal)
}
