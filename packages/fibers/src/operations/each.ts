/** Owns iterating what comes by promises: each item is waited for by the whole fiber, and the source is closed however the loop ends. */
import {
  NEXT,
  optionNames,
  type ResumeKind,
  RoveError,
  refuseUnknown,
  registerKind,
  type Suspended,
  THROW,
} from "@rove/core"
import { items, type Source } from "../homed/items.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { show } from "../runtime/options.ts"
import { withAwaited } from "../runtime/stacks.ts"
import type { Resumable } from "../types.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

export interface EachOptions {
  /**
   * Milliseconds for which a fiber that is interrupted while it waits for an item waits for its source to close: an async generator
   * does not before what it awaits itself has come. By default 1000.
   */
  readonly grace?: number
}
const OPTIONS = optionNames<EachOptions>({ grace: true })
const GRACE = 1000

type Opens<T> = AsyncIterable<T> | ((signal: AbortSignal) => AsyncIterable<T>)

class AsyncSource implements Source {
  readonly #given: Opens<unknown>
  readonly grace: number
  readonly #controller = new AbortController()
  #iterator: AsyncIterator<unknown> | null = null
  /** An item has been asked for and has not come. */
  pending = false
  /** The source has ended, or was closed. */
  over = false
  constructor(given: Opens<unknown>, grace: number) {
    this.#given = given
    this.grace = grace
  }
  static isSource(value: object): value is AsyncSource {
    return #iterator in value
  }
  /** For messages and reasons. */
  get what(): string {
    const given = this.#given
    if (typeof given === "function") return given.name === "" ? "an async iterable" : `${given.name}()`
    const name = (given as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] ?? given.constructor?.name
    return typeof name !== "string" || name === "" || name === "Object" ? "an async iterable" : `an ${name}`
  }
  next(): Operation<IteratorResult<unknown, unknown>> {
    return new EachItem(this)
  }
  close(): Operation<unknown> | null {
    if (this.over || this.#iterator === null) return null
    return new CloseSource(this)
  }
  /** Throws what the source does where it should give a promise. */
  ask(): Promise<IteratorResult<unknown, unknown>> {
    this.#iterator ??= this.#open()
    this.pending = true
    return Promise.resolve(this.#iterator.next())
  }
  #open(): AsyncIterator<unknown> {
    const given = this.#given
    const source = typeof given === "function" ? given(this.#controller.signal) : given
    if (!isAsyncIterable(source)) throw noSource(source)
    return source[Symbol.asyncIterator]()
  }
  /** Tells the source that nobody wants any more. The signal is told first, so that what is awaited there can end. */
  end(): PromiseLike<unknown> | unknown {
    this.over = true
    this.#controller.abort()
    const iterator = this.#iterator as AsyncIterator<unknown>
    const { return: method } = iterator
    return method === undefined || method === null ? OPEN_ENDED : Reflect.apply(method, iterator, [])
  }
}

/** What a source gives that cannot be closed. */
const OPEN_ENDED = {}

registerKind<AsyncSource, object>({
  name: "rove.each",
  test: AsyncSource.isSource,
  refuse: source => `what each iterates (${source.what}) is not portable`,
  take: () => OPEN_ENDED,
  allocate: () => {
    throw new RoveError("ROVE_RECORD", "an iteration by each is no part of a record")
  },
})

class EachItem extends BaseOperation<IteratorResult<unknown, unknown>> {
  readonly #source: AsyncSource
  constructor(source: AsyncSource) {
    super()
    this.#source = source
  }
  perform(fiber: FiberState, host: Host): IteratorResult<unknown, unknown> | Suspended {
    const source = this.#source
    const waiter = new LocalWaiter(fiber, host, `next item of ${source.what}`)
    let item: Promise<IteratorResult<unknown, unknown>>
    try {
      item = source.ask()
    } catch (error) {
      source.over = true
      throw error
    }
    item.then(
      result => {
        source.pending = false
        if (isObject(result)) {
          if (result.done) source.over = true
          waiter.wake(NEXT, result)
        } else {
          source.over = true
          waiter.wake(THROW, noResult(result))
        }
      },
      error => {
        source.pending = false
        source.over = true
        if (fiber.park === waiter) withAwaited(error, fiber.top)
        waiter.wake(THROW, error)
      },
    )
    return waiter.park()
  }
}

class CloseSource extends BaseOperation<void> {
  readonly #source: AsyncSource
  constructor(source: AsyncSource) {
    super()
    this.#source = source
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const source = this.#source
    // after the source was told in any case: nobody else would
    const ended = settled(() => source.end())
    const waiter = new CloseWaiter(fiber, host, `close of ${source.what}`)
    ended.then(([kind, value]) => waiter.closed(kind, value))
    if (source.pending) waiter.within(source.grace)
    return waiter.park()
  }
}

/** Never rejects. */
async function settled(close: () => unknown): Promise<[ResumeKind, unknown]> {
  try {
    const result = await close()
    return isObject(result) ? [NEXT, undefined] : [THROW, noResult(result)]
  } catch (error) {
    return [THROW, error]
  }
}

class CloseWaiter extends LocalWaiter {
  #timer: Timer | null = null
  within(ms: number): void {
    this.#timer = this.host.timer(this.host.now() + ms, this)
  }
  due(): void {
    this.wake(NEXT, undefined)
  }
  closed(kind: ResumeKind, value: unknown): void {
    this.cancel()
    this.wake(kind, value)
  }
  override cancel(): void {
    this.#timer?.cancel()
  }
}

function noResult(result: unknown): TypeError {
  return new TypeError(`Iterator result ${String(result)} is not an object`)
}
function isObject(value: unknown): value is { readonly done?: unknown } {
  return (typeof value === "object" && value !== null) || typeof value === "function"
}
function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return isObject(value) && typeof (value as AsyncIterable<unknown>)[Symbol.asyncIterator] === "function"
}
function noSource(value: unknown): RoveError {
  return new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `each takes an async iterable, or a function that returns one, and this (${typeof value}) is none: what can be iterated at once needs no each`,
  )
}

/**
 * Iterates an async iterable in compiled code, `for (const item of each(source))`: the whole fiber waits for each item. The source is
 * closed (its `return()` is awaited) when the loop is left by `break`, `return`, an error or an interrupt. A function is called when
 * the loop begins, with a signal that aborts when it is left; what the source rejects with is thrown. Throws
 * ROVE_INVALID_ARGUMENT for what is no async iterable.
 */
export function each<T>(
  source: AsyncIterable<T> | ((signal: AbortSignal) => AsyncIterable<T>),
  options: EachOptions = {},
): Resumable<void, T> {
  refuseUnknown(options, OPTIONS, "each")
  const { grace = GRACE } = options
  if (!(typeof grace === "number" && grace >= 0))
    throw new RoveError("ROVE_INVALID_ARGUMENT", `each: grace is a number of milliseconds, not ${show(grace)}`)
  if (typeof source !== "function" && !isAsyncIterable(source)) throw noSource(source)
  return items(new AsyncSource(source, grace)) as Resumable<void, T>
}
