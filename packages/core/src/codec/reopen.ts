/** Owns what is made again on each thread: the handle of a resource, which moves without it. */

import { RoveError } from "../errors.ts"
import { optionNames, refuseUnknown } from "../options.ts"
import { isFunction, orNone } from "./fits.ts"
import { registerKind } from "./kinds.ts"
import { registerReference } from "./references.ts"

type Open<T> = () => T
type Close<T> = (resource: T) => void

export interface ReopenOptions<T> {
  /**
   * Closes a resource: called by `close`, and for one that a fiber left behind on a thread, once its handle there is
   * collected. As portable as `open`.
   */
  readonly close?: Close<T>
}

/** What is open, apart from its handle, so that it can be closed when nobody has the handle any more. */
interface Opened<T> {
  readonly resource: T
  readonly close: Close<T> | undefined
}

const left = new FinalizationRegistry<() => void>(close => close())

function closed<T>({ resource, close }: Opened<T>): void {
  close?.(resource)
}

/** The handle of a resource that is opened at its first use on each thread. The handle moves, the resource never does. */
export class Reopened<T> {
  #open: Open<T>
  #close: Close<T> | undefined
  #opened: Opened<T> | null = null

  constructor(open: Open<T>, close: Close<T> | undefined) {
    this.#open = open
    this.#close = close
  }

  /** The resource as this thread has it, opened now if it is not open. What `open` throws comes out; the next use tries again. */
  get value(): T {
    if (this.#opened === null) {
      const open = this.#open
      const opened: Opened<T> = { resource: open(), close: this.#close }
      this.#opened = opened
      if (opened.close !== undefined) left.register(this, () => closed(opened), this)
    }
    return this.#opened.resource
  }

  /** Whether the resource is open on this thread. */
  get isOpen(): boolean {
    return this.#opened !== null
  }

  /** Closes the resource, if it is open on this thread; the next use opens it again. */
  close(): void {
    const opened = this.#opened
    if (opened === null) return
    this.#opened = null
    left.unregister(this)
    closed(opened)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  static readonly kind = {
    name: "Reopened",
    test: (value: object): boolean => #open in value,
    take: (handle: Reopened<unknown>) => ({ open: handle.#open, close: handle.#close }),
    fields: { open: isFunction, close: orNone(isFunction) },
    allocate(): Reopened<unknown> {
      return new Reopened<unknown>(unfilled, undefined)
    },
    fill(handle: Reopened<unknown>, { open, close }: { open: unknown; close: unknown }): void {
      handle.#open = open as Open<unknown>
      handle.#close = close as Close<unknown> | undefined
    },
  }
}

function unfilled(): never {
  throw new RoveError("ROVE_RECORD", "a reopened resource is used before its record is decoded")
}

registerKind(Reopened.kind)
registerReference("rove.Reopened", Reopened)
// what a `using` declaration holds on to while a fiber stands in its block
registerReference("rove.Reopened[Symbol.dispose]", Reopened.prototype[Symbol.dispose])

const OPTIONS = optionNames<ReopenOptions<unknown>>({ close: true })

/**
 * Gives a handle of what `open` makes: a file, a socket, a connection. `open` is called at the first use of `.value` on
 * each thread, again after each move, and must be portable itself (a function at module level, or made in compiled code).
 * It may give a promise: `yield* wait(() => handle.value)`.
 */
export function reopen<T>(open: () => T, options: ReopenOptions<T> = {}): Reopened<T> {
  refuseUnknown(options, OPTIONS, "reopen")
  const { close } = options
  if (typeof open !== "function" || (close !== undefined && typeof close !== "function"))
    throw new RoveError("ROVE_INVALID_ARGUMENT", "reopen: takes a function that opens, and { close } is another")
  return new Reopened(open, close)
}
