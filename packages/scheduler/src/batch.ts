/** Owns running a function for each of many items, so many at a time; the first failure ends the others. */
import { optionNames, RoveError, refuseUnknown, TimeoutError } from "@rove/core"
import { checkOptions, type FiberHandle, RUN_OPTIONS, type RunOptions, show } from "@rove/fibers/scheduling"

export interface MapOptions extends Omit<RunOptions, "prefer" | "trackOrigin"> {
  /** Fibers at a time; by default 16 for each thread. `signal` and `timeout` are of the whole. */
  readonly concurrency?: number
}

const OPTIONS = optionNames<MapOptions>({
  concurrency: true,
  name: true,
  signal: true,
  timeout: true,
  recursionLimit: true,
  priority: true,
})

export type Items<T> = Iterable<T> | AsyncIterable<T>

export interface BatchParts<T> {
  readonly concurrency: number
  start(item: T, index: number, options: RunOptions): FiberHandle<unknown>
  /** Resolves when the pool takes more. */
  room(): Promise<void>
}

class Batch<T> {
  readonly #parts: BatchParts<T>
  readonly #concurrency: number
  readonly #each: RunOptions
  readonly #limit = new AbortController()
  readonly #running = new Set<FiberHandle<unknown>>()
  readonly #results: unknown[] = []
  #failure: { readonly error: unknown } | null = null
  #wake: () => void = () => {}
  constructor(parts: BatchParts<T>, { concurrency = parts.concurrency, name, recursionLimit, priority }: MapOptions) {
    this.#parts = parts
    this.#concurrency = concurrency
    this.#each = {
      signal: this.#limit.signal,
      ...(name === undefined ? {} : { name }),
      ...(recursionLimit === undefined ? {} : { recursionLimit }),
      ...(priority === undefined ? {} : { priority }),
    }
  }
  /** Ends what runs; the first one counts. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= { error }
    this.#limit.abort(error)
    this.#wake()
  }
  async run(items: Items<T>): Promise<unknown[]> {
    const iterator = iteratorOf(items)
    for (let index = 0; ; index++) {
      const next = await this.#unlessFailed(iterator.next())
      if (next === undefined || next.done === true) break
      await this.#unlessFailed(this.#parts.room())
      if (this.#failure !== null) break
      this.#begin(next.value, index)
      await this.#until(() => this.#running.size < this.#concurrency)
    }
    await this.#until(() => this.#running.size === 0)
    if (this.#failure === null) return this.#results
    // the source is told, but one that does not answer holds nobody up
    Promise.resolve(iterator.return?.()).catch(() => {})
    await Promise.allSettled(this.#running)
    throw this.#failure.error
  }
  #begin(item: T, index: number): void {
    const handle = this.#parts.start(item, index, this.#each)
    this.#running.add(handle)
    const over = (): void => {
      this.#running.delete(handle)
      this.#wake()
    }
    handle.then(
      value => {
        this.#results[index] = value
        over()
      },
      error => {
        this.fail(error)
        over()
      },
    )
  }
  /** Undefined if something fails first, the promise included. */
  async #unlessFailed<V>(promise: V | PromiseLike<V>): Promise<V | undefined> {
    let value: { readonly value: V } | null = null
    Promise.resolve(promise).then(given => {
      value = { value: given }
      this.#wake()
    }, this.fail)
    await this.#until(() => value !== null)
    return this.#failure === null ? (value as { readonly value: V } | null)?.value : undefined
  }
  async #until(isSo: () => boolean): Promise<void> {
    while (this.#failure === null && !isSo()) await new Promise<void>(resolve => (this.#wake = resolve))
  }
}

/** Results in the order of the items. Rejects with the first error, once all fibers have ended. */
export async function mapItems<T>(items: Items<T>, options: MapOptions, parts: BatchParts<T>): Promise<unknown[]> {
  check(options)
  const { signal, timeout } = options
  signal?.throwIfAborted()
  const batch = new Batch(parts, options)
  const abort = (): void => batch.fail(signal?.reason)
  const late = (): void => batch.fail(new TimeoutError(`pool.map ran longer than ${timeout} ms`))
  signal?.addEventListener("abort", abort, { once: true })
  const timer = timeout === undefined ? undefined : setTimeout(late, Math.min(timeout, 0x7fffffff))
  try {
    return await batch.run(items)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener("abort", abort)
  }
}

function check(options: MapOptions): void {
  refuseUnknown(options, OPTIONS, "pool.map")
  const { concurrency, ...rest } = options
  checkOptions(rest, "pool.map", RUN_OPTIONS)
  if (concurrency === undefined || (typeof concurrency === "number" && concurrency >= 1)) return
  const what = `pool.map takes a number of 1 or more as concurrency, not ${show(concurrency)}`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}

function iteratorOf<T>(items: Items<T>): Iterator<T> | AsyncIterator<T> {
  if (Symbol.asyncIterator in Object(items)) return (items as AsyncIterable<T>)[Symbol.asyncIterator]()
  if (Symbol.iterator in Object(items)) return (items as Iterable<T>)[Symbol.iterator]()
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `pool.map takes an array, or anything else that can be iterated, not ${show(items)}`,
  )
}
