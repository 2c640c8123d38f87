/**
 * Owns reading Node streams: as chunks or as lines, no faster than they are wanted. The stream reads ahead as much as its own
 * highWaterMark says, and no more.
 */
import { finished, type Readable } from "node:stream"
import { NEXT, optionNames, RoveError, refuseUnknown, registerKind, type Suspended, THROW } from "@rove/core"
import { items, type Source } from "../homed/items.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import type { Resumable } from "../types.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

export interface ReadOptions {
  /** What becomes of the stream when the loop is left before its end: it is destroyed (true, the default), or left as it is. */
  readonly destroy?: boolean
}
const OPTIONS = optionNames<ReadOptions>({ destroy: true })

type Item = IteratorResult<unknown, undefined>
const END: Item = { done: true, value: undefined }

class StreamSource implements Source {
  readonly #stream: Readable
  readonly #destroy: boolean
  /** How the stream has ended, once it has. */
  #end: { readonly error: unknown } | null = null
  #stopListening: (() => void) | null = null
  #over = false
  waiter: LocalWaiter | null = null
  constructor(stream: Readable, destroy: boolean) {
    this.#stream = stream
    this.#destroy = destroy
  }
  static isSource(value: object): value is StreamSource {
    return #stream in value
  }
  get what(): string {
    return `a ${this.#stream.constructor.name}`
  }
  next(): Operation<Item> {
    return new ReadItem(this)
  }
  close(): null {
    if (this.#over || this.#stopListening === null) return null
    this.#over = true
    // errors of destroying are still listened to: nobody else may
    if (this.#destroy) this.#stream.destroy()
    else this.#stopListening()
    return null
  }
  /** The next item, if there is one at present; null if it has to be waited for. Throws the error with which the stream has ended. */
  poll(): Item | null {
    if (this.#stopListening === null) this.#listen()
    const chunk: unknown = this.#stream.destroyed ? null : this.#stream.read()
    if (chunk !== null) return { done: false, value: chunk }
    if (this.#end === null) return null
    this.#over = true
    this.#stream.off("readable", this.#told)
    if (this.#end.error) throw this.#end.error
    return END
  }
  #listen(): void {
    const stream = this.#stream
    stream.on("readable", this.#told)
    const stop = finished(stream, { writable: false }, error => {
      this.#end ??= { error }
      this.#told()
    })
    this.#stopListening = () => {
      stream.off("readable", this.#told)
      stop()
    }
  }
  readonly #told = (): void => {
    if (this.waiter === null) return
    try {
      const item = this.poll()
      if (item !== null) this.waiter.wake(NEXT, item)
    } catch (error) {
      this.waiter.wake(THROW, error)
    }
  }
}

/** Lines of a stream of text, or of bytes in UTF-8. */
class LineSource extends StreamSource {
  readonly #decoder = new TextDecoder()
  #lines: readonly string[] = []
  #at = 0
  /** What has come of a line whose end has not. */
  #rest = ""
  override poll(): Item | null {
    for (;;) {
      const line = this.#lines[this.#at++]
      if (line !== undefined) return { done: false, value: line.endsWith("\r") ? line.slice(0, -1) : line }
      const item = super.poll()
      if (item === null) return null
      if (item.done === true) return this.#last()
      this.#add(this.#text(item.value))
    }
  }
  #add(text: string): void {
    const lines = text.split("\n")
    lines[0] = this.#rest + lines[0]
    this.#rest = lines.pop() as string
    this.#lines = lines
    this.#at = 0
  }
  #text(chunk: unknown): string {
    if (typeof chunk === "string") return chunk
    if (chunk instanceof Uint8Array) return this.#decoder.decode(chunk, { stream: true })
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `lines reads text or bytes, and ${this.what} gives ${typeof chunk}s: iterate its chunks`,
    )
  }
  /** The last line may have no end. */
  #last(): Item {
    const line = this.#rest + this.#decoder.decode()
    this.#rest = ""
    return line === "" ? END : { done: false, value: line }
  }
}

registerKind<StreamSource, object>({
  name: "rove.stream",
  test: StreamSource.isSource,
  refuse: source => `${source.what} that is being read is not portable`,
  take: () => END,
  allocate: () => {
    throw new RoveError("ROVE_RECORD", "a stream that is being read is no part of a record")
  },
})

class ReadItem extends BaseOperation<Item> {
  readonly #source: StreamSource
  constructor(source: StreamSource) {
    super()
    this.#source = source
  }
  perform(fiber: FiberState, host: Host): Item | Suspended {
    const source = this.#source
    const item = source.poll()
    if (item !== null) return item
    const waiter = new ReadWaiter(source, fiber, host)
    deliverInterrupt(fiber) // before anybody could be given a chunk that is lost then
    source.waiter = waiter
    return waiter.park()
  }
}

class ReadWaiter extends LocalWaiter {
  readonly #source: StreamSource
  constructor(source: StreamSource, fiber: FiberState, host: Host) {
    super(fiber, host, `data from ${source.what}`)
    this.#source = source
  }
  override wake(kind: typeof NEXT | typeof THROW, value: unknown): boolean {
    this.cancel()
    return super.wake(kind, value)
  }
  override cancel(): void {
    this.#source.waiter = null
  }
}

function optionsOf(stream: Readable, options: ReadOptions, where: string): boolean {
  refuseUnknown(options, OPTIONS, where)
  if (typeof stream?.read !== "function" || typeof stream.on !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a readable stream of Node, which this is not`)
  return options.destroy ?? true
}

/**
 * Reads a stream, `for (const chunk of chunks(stream))` in compiled code: Buffers, or what else it gives. What it fails with is thrown;
 * leaving the loop, by an interrupt too, destroys it. The stream keeps the fiber on its thread. `T`: what it gives.
 */
export function chunks<T = Buffer>(stream: Readable, options: ReadOptions = {}): Resumable<void, T> {
  return items(new StreamSource(stream, optionsOf(stream, options, "chunks"))) as Resumable<void, T>
}

/**
 * Reads a stream line by line, as `chunks` does: text, or bytes in UTF-8. Lines end with "\n" or "\r\n", which are left out; the last one
 * may have no end.
 */
export function lines(stream: Readable, options: ReadOptions = {}): Resumable<void, string> {
  return items(new LineSource(stream, optionsOf(stream, options, "lines"))) as Resumable<void, string>
}
