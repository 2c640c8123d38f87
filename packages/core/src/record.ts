/** Owns a record as users hold it: the bytes of a stopped fiber, and what bytes cannot carry. */
import { isList } from "./codec/fits.ts"
import { type ChangePolicy, decode, encode, RecordError, registerKind } from "./codec/index.ts"
import { describe, inspect, type RecordView } from "./inspect/inspect.ts"
import { StoppedFiber } from "./stopped.ts"

/** As they were when this was loaded: programs may replace them. */
const { ArrayBuffer: Buffer_, Uint8Array: Bytes } = globalThis

/**
 * A suspended fiber as data: store it, send it, resume it elsewhere. All of it is in one ArrayBuffer, `bytes`, which can
 * be transferred; `new FiberRecord(bytes)` has it again.
 */
export class FiberRecord<out R = unknown> {
  /** What `resume` gives in the end; a type without a value. */
  declare readonly result?: R
  readonly bytes: ArrayBuffer
  /** What bytes cannot carry (SharedArrayBuffers, ports): mostly empty, and not for leaving the process. */
  readonly handles: readonly unknown[]

  /** Takes an ArrayBuffer as it is, and copies what a view (a Buffer of a file) shows. Looks at nothing yet. */
  constructor(bytes: ArrayBuffer | Uint8Array, handles: readonly unknown[] = []) {
    this.bytes = bytes instanceof Buffer_ ? bytes : new Bytes(bytes).buffer
    this.handles = handles
  }

  /** The record of a stopped fiber. Changes nothing in it; throws NotPortableError with the path to what is in the way. */
  static of<R>(fiber: StoppedFiber): FiberRecord<R> {
    const { bytes, handles } = encode(fiber)
    return new FiberRecord<R>(bytes, handles)
  }

  /**
   * The fiber in it, for hosts. Throws ROVE_RECORD for damaged or forged bytes and unknown versions, ROVE_CODE_UNKNOWN
   * for functions of modules that this thread has not imported, ROVE_CODE_CHANGED (a CodeChangedError) for changed ones.
   */
  open(changed?: ChangePolicy): StoppedFiber {
    if (this.bytes.detached)
      throw new RecordError(0, "the bytes of this record were transferred: they are elsewhere now")
    const fiber = decode(this.bytes, { handles: this.handles, ...(changed === undefined ? {} : { changed }) })
    if (fiber instanceof StoppedFiber) return fiber
    throw new RecordError(0, "this is a value, but not the record of a fiber")
  }

  /** What is in it, for tools; nothing of it needs the program. Throws ROVE_RECORD for what is no record of a fiber. */
  toJSON(): RecordView {
    return inspect(this)
  }
  /** The same for people: frames with places, locals with sizes, context. */
  toString(): string {
    return describe(this.toJSON())
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString()
  }
}

registerKind<FiberRecord, { bytes: ArrayBuffer; handles: readonly unknown[] }>({
  name: "rove.record",
  test: value => value instanceof FiberRecord,
  fields: { bytes: value => value instanceof ArrayBuffer, handles: isList },
  holds: ({ handles }) => isList(handles),
  take: ({ bytes, handles }) => ({ bytes, handles }),
  allocate: parts => {
    const { bytes, handles } = parts as { bytes: ArrayBuffer; handles: readonly unknown[] }
    return new FiberRecord(bytes, handles)
  },
})
