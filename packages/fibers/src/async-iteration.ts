/** Owns what a computation yields as ordinary code of the same thread iterates it: the fiber begins with the first step. */
import { optionNames, RoveError, RUNNING, refuseUnknown } from "@rove/core"
import { type Hosted, type HostedOptions, hosted, hostHere } from "./hosted.ts"
import { unstarted } from "./runtime/admit.ts"
import type { Host } from "./runtime/host.ts"
import { show } from "./runtime/options.ts"
import { Sink, sunk } from "./sink.ts"
import type { AnyComputation, Starred } from "./types.ts"

export interface IterationOptions extends HostedOptions {
  /** Values that the fiber may be ahead of whoever takes them, from 1; 1 by default. */
  readonly buffer?: number
}
const OPTIONS = optionNames<IterationOptions>({
  name: true,
  signal: true,
  timeout: true,
  recursionLimit: true,
  priority: true,
  buffer: true,
})
const WHERE = "toAsyncIterable"

class FiberIteration<Y, R> implements AsyncIterableIterator<Y, R, undefined>, AsyncDisposable {
  readonly #host: Host
  readonly #options: HostedOptions
  readonly #sink: Sink
  /** Until the fiber begins. */
  #computation: unknown
  #fiber: Hosted<R> | null = null
  #ended = false
  /** Nobody wants any more. */
  #closed = false
  /** Calls are answered in the order in which they were made. */
  #last: Promise<unknown> = Promise.resolve()
  constructor(computation: unknown, host: Host, buffer: number, options: HostedOptions) {
    this.#computation = computation
    this.#host = host
    this.#options = options
    this.#sink = new Sink(buffer)
  }
  next(): Promise<IteratorResult<Y, R>> {
    const result = this.#last.then(() => this.#advance())
    this.#last = result.catch(() => {})
    return result
  }
  async #advance(): Promise<IteratorResult<Y, R>> {
    if (this.#closed) return { value: undefined as R, done: true }
    const fiber = this.#fiber ?? this.#begin()
    while (this.#sink.isEmpty && !this.#ended && !this.#closed)
      await new Promise<void>(resolve => this.#sink.whenTold(resolve))
    if (!this.#sink.isEmpty && !this.#closed) return { value: this.#sink.take() as Y, done: false }
    if (this.#closed) return { value: undefined as R, done: true }
    this.#closed = true
    return { value: await fiber.result, done: true }
  }
  #begin(): Hosted<R> {
    const computation = this.#computation
    this.#computation = null
    const { outer, inner } = sunk(computation, WHERE)
    const { name = inner.of.code.name } = this.#options
    const fiber = hosted<R>(outer, this.#host, WHERE, { ...this.#options, name }, ({ root }) => {
      inner.status = RUNNING
      root.args = [...(root.args as readonly unknown[]), this.#sink]
    })
    const over = (): void => {
      this.#ended = true
      this.#sink.tell()
    }
    fiber.result.then(over, over)
    this.#fiber = fiber
    return fiber
  }
  /** Interrupts the fiber and waits for its end; what it yielded and nobody took is dropped. */
  async return(value?: R | PromiseLike<R>): Promise<IteratorResult<Y, R>> {
    const fiber = this.#fiber
    const isOver = this.#closed
    this.#closed = true
    this.#sink.tell()
    if (fiber !== null && !isOver) {
      fiber.interrupt("nobody takes what it yields")
      await fiber.result.catch(() => {})
    }
    return { value: (await value) as R, done: true }
  }
  [Symbol.asyncIterator](): this {
    return this
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

/**
 * Gives what a computation that has not begun, `f(args)`, yields, to ordinary code of the thread that calls this: for `for await`. The fiber
 * begins with the first step, is at most `buffer` values ahead, and is interrupted when the loop is left, which waits for its
 * end. It stays on its thread, and values are clones; otherwise as `toPromise`.
 */
export function toAsyncIterable<R, Y>(
  computation: AnyComputation<R, Y> & Starred<Y>,
  options: IterationOptions = {},
): AsyncIterableIterator<Y, R, undefined> & AsyncDisposable {
  refuseUnknown(options, OPTIONS, WHERE)
  const { buffer = 1, ...rest } = options
  if (!Number.isInteger(buffer) || buffer < 1)
    throw new RoveError("ROVE_INVALID_ARGUMENT", `${WHERE} takes a whole number from 1 as buffer, not ${show(buffer)}`)
  unstarted(computation, WHERE)
  return new FiberIteration<Y, R>(computation, hostHere(WHERE), buffer, rest)
}
