/** Owns writing to Node streams no faster than they take it. */
import { finished, type Writable } from "node:stream"
import { NEXT, optionNames, type ResumeKind, RoveError, refuseUnknown, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

export interface WriteOptions {
  /** Ends the stream after this, and waits until all that was written has left. */
  readonly end?: boolean
}
const OPTIONS = optionNames<WriteOptions>({ end: true })

/** What is known of a stream that fibers write to: it is listened to once, for all of them. */
class Outflow {
  /** How the stream has ended, once it has. */
  end: { readonly error: unknown } | null = null
  readonly #waiting = new Set<OutflowWaiter>()
  constructor(stream: Writable) {
    stream.on("drain", () => this.#tell(waiter => !waiter.untilEnd, NEXT, undefined))
    finished(stream, { readable: false }, error => {
      this.end = { error }
      this.#tell(() => true, error ? THROW : NEXT, error)
    })
  }
  #tell(concerned: (waiter: OutflowWaiter) => boolean, kind: ResumeKind, value: unknown): void {
    for (const waiter of [...this.#waiting])
      if (concerned(waiter)) {
        this.#waiting.delete(waiter)
        waiter.wake(kind, value)
      }
  }
  add(waiter: OutflowWaiter): void {
    this.#waiting.add(waiter)
  }
  remove(waiter: OutflowWaiter): void {
    this.#waiting.delete(waiter)
  }
}

const outflows = new WeakMap<Writable, Outflow>()

function outflowOf(stream: Writable): Outflow {
  const known = outflows.get(stream)
  if (known !== undefined) return known
  const outflow = new Outflow(stream)
  outflows.set(stream, outflow)
  return outflow
}

class WriteTo extends BaseOperation<void> {
  readonly #stream: Writable
  readonly #data: unknown
  readonly #end: boolean
  constructor(stream: Writable, data: unknown, end: boolean) {
    super()
    this.#stream = stream
    this.#data = data
    this.#end = end
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const stream = this.#stream
    if (stream.errored) throw stream.errored
    if (!stream.writable)
      throw new RoveError(
        "ROVE_INVALID_ARGUMENT",
        `writeTo: this ${stream.constructor.name} has ended, or was destroyed`,
      )
    const outflow = outflowOf(stream)
    const waiter = new OutflowWaiter(outflow, this.#end, stream.constructor.name, fiber, host)
    const room = stream.write(this.#data)
    if (this.#end) stream.end()
    else if (room) return undefined
    outflow.add(waiter)
    return waiter.park()
  }
}

class OutflowWaiter extends LocalWaiter {
  readonly #outflow: Outflow
  readonly untilEnd: boolean
  constructor(outflow: Outflow, untilEnd: boolean, name: string, fiber: FiberState, host: Host) {
    super(fiber, host, untilEnd ? `end of a ${name}` : `room in a ${name}`)
    this.#outflow = outflow
    this.untilEnd = untilEnd
  }
  override cancel(): void {
    this.#outflow.remove(this)
  }
}

/**
 * Writes to a stream (a string or bytes; anything, to one in object mode) and, if it has enough for now, waits until it takes more. Throws the
 * error with which the stream fails, or has failed since the last time. The stream keeps the fiber on its thread; an interrupt
 * ends the wait alone: what was written stays so, and the stream open.
 */
export function writeTo(stream: Writable, data: unknown, options: WriteOptions = {}): Operation<void> {
  refuseUnknown(options, OPTIONS, "writeTo")
  if (typeof stream?.write !== "function" || typeof stream.on !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", "writeTo takes a writable stream of Node, which this is not")
  return new WriteTo(stream, data, options.end === true)
}
