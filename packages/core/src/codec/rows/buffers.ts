/** Owns ArrayBuffer and the views on it. Views of one buffer go on sharing it. */
import { accepts, getter } from "../brand.ts"
import { RecordError, Unportable } from "../errors.ts"
import { CLOSED, F_INTEGRITY, F_KIND, F_ORDINARY, T_BUFFER, T_VIEW } from "../format.ts"
import { Plan, type Row } from "../plan.ts"
import { found, surveyExtras } from "../properties.ts"

/** The buffer can be resized. */
const F_RESIZABLE = F_KIND
/** The view follows the length of its buffer. */
const F_TRACKING = F_KIND

const lengthOf = getter(ArrayBuffer.prototype, "byteLength") as (this: object) => number

const BUFFER: Row = {
  tag: T_BUFFER,
  flags: F_ORDINARY | F_RESIZABLE,
  announce(encoder, plan) {
    const buffer = plan.value as ArrayBuffer
    encoder.number(lengthOf.call(buffer))
    if ((plan.flags & F_RESIZABLE) !== 0) encoder.number(buffer.maxByteLength)
  },
  describe: (encoder, plan) => encoder.out.raw(new Uint8Array(plan.value as ArrayBuffer)),
  allocate(decoder, plan) {
    const from = decoder.in.position
    const length = decoder.number()
    if (!(length >= 0 && length <= decoder.in.remaining && Number.isInteger(length))) {
      throw new RecordError(from, `a buffer of ${length} bytes cannot follow`)
    }
    if ((plan.flags & F_RESIZABLE) === 0) return new ArrayBuffer(length)
    const maxByteLength = decoder.number()
    if (!(maxByteLength >= length && maxByteLength <= decoder.maxBytes && Number.isInteger(maxByteLength))) {
      throw new RecordError(from, `a buffer that grows to ${maxByteLength} bytes is not allowed`)
    }
    return new ArrayBuffer(length, { maxByteLength })
  },
  fill(decoder, plan) {
    const buffer = plan.value as ArrayBuffer
    new Uint8Array(buffer).set(decoder.in.raw(lengthOf.call(buffer)))
  },
  copy(cloner, plan) {
    const buffer = plan.value as ArrayBuffer
    if (cloner.moving) return buffer.transfer()
    if ((plan.flags & F_RESIZABLE) === 0) return buffer.slice(0)
    const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength })
    new Uint8Array(copy).set(new Uint8Array(buffer))
    return copy
  },
}

function planBuffer(value: object): Plan {
  const buffer = value as ArrayBuffer
  if (buffer.detached === true) throw new Unportable(value, "a detached ArrayBuffer is not portable")
  surveyExtras(value)
  return new Plan(BUFFER, value, found.flags | (buffer.resizable === true ? F_RESIZABLE : 0), found.keys, null)
}

type View = ArrayBufferView & { readonly length?: number; readonly BYTES_PER_ELEMENT?: number }
interface ViewClass {
  readonly prototype: object
  readonly name: string
  new (buffer: ArrayBufferLike, offset: number, length?: number): View
}

/** Order of the classes in records: append only. Classes that do not exist here stay empty. */
const VIEWS: readonly (ViewClass | undefined)[] = [
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
].map(name => (globalThis as Record<string, unknown>)[name] as ViewClass | undefined)

const tagOf = getter(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag) as (
  this: object,
) => string | undefined
const isDataView = accepts(getter(DataView.prototype, "buffer"))

interface ViewParts {
  readonly index: number
  readonly buffer: ArrayBufferLike
  readonly offset: number
  readonly length: number
}

const VIEW: Row = {
  tag: T_VIEW,
  flags: F_ORDINARY | F_TRACKING,
  announce(encoder, plan) {
    const { index, buffer, offset, length } = plan.parts as ViewParts
    encoder.out.byte(index)
    encoder.value(buffer)
    encoder.number(offset)
    if ((plan.flags & F_TRACKING) === 0) encoder.number(length)
  },
  allocate(decoder, plan) {
    const from = decoder.in.position
    const View = VIEWS[decoder.in.byte()]
    const buffer = decoder.value()
    const offset = decoder.number()
    const length = (plan.flags & F_TRACKING) === 0 ? decoder.number() : undefined
    if (View === undefined || !isBuffer(buffer)) throw new RecordError(from, "not a view of a buffer")
    try {
      return new View(buffer, offset, length)
    } catch (error) {
      throw new RecordError(from, "a view does not fit its buffer", "ROVE_RECORD", { cause: error })
    }
  },
  copy(cloner, plan) {
    const { index, buffer, offset, length } = plan.parts as ViewParts
    const View = VIEWS[index] as ViewClass
    const copy = cloner.value(buffer) as ArrayBufferLike
    return (plan.flags & F_TRACKING) === 0 ? new View(copy, offset, length) : new View(copy, offset)
  },
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  return value instanceof ArrayBuffer || (typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer)
}

/** Own keys of short views are all looked at; of long ones only symbols, since listing their indices costs more than the data. */
const EXACT_LENGTH = 64

function planView(index: number): (value: object) => Plan {
  return value => {
    const view = value as View
    const { buffer } = view
    if ((buffer as ArrayBuffer).detached === true)
      throw new Unportable(value, "a view of a detached ArrayBuffer is not portable")
    if ((buffer as ArrayBuffer).resizable === true && isOutside(view))
      throw new Unportable(value, "a view that its buffer has become too short for is not portable")
    const { byteOffset: offset } = view
    const length = index === 0 ? view.byteLength : (view.length as number)
    if (index === 0 || length <= EXACT_LENGTH) surveyExtras(value, key => index > 0 && Number(key) < length)
    else {
      found.keys = Object.getOwnPropertySymbols(value)
      found.flags = (Object.isExtensible(value) ? 0 : 1) | (found.keys.length > 0 ? 4 : 0)
    }
    const pooled = isPooled(value, buffer)
    const parts: ViewParts = pooled
      ? { index, buffer: buffer.slice(offset, offset + length), offset: 0, length }
      : { index, buffer, offset, length }
    const { keys, flags } = found
    const tracking = !pooled && isTracking(view, buffer)
    const plan = new Plan(VIEW, value, closedAtMost(flags, tracking || length > 0), keys, parts)
    if (tracking) plan.flags |= F_TRACKING
    // a buffer of a class that compiled code makes needs that class first
    if (Object.getPrototypeOf(buffer) !== ArrayBuffer.prototype) plan.needs = [buffer]
    return plan
  }
}

/** Elements can be neither sealed nor frozen, nor can what may get some, whatever the engine says of such a view that is closed. */
function closedAtMost(flags: number, hasElements: boolean): number {
  return hasElements && (flags & F_INTEGRITY) > CLOSED ? (flags & ~F_INTEGRITY) | CLOSED : flags
}

/** Node's small Buffers lie together in a pool: their neighbours' bytes do not belong to them. */
function isPooled(value: object, buffer: ArrayBufferLike): boolean {
  const { Buffer } = globalThis as { Buffer?: { prototype: object; poolSize: number } }
  return (
    Buffer !== undefined &&
    Object.getPrototypeOf(value) === Buffer.prototype &&
    buffer.byteLength === Buffer.poolSize &&
    (value as View).byteLength < buffer.byteLength
  )
}

/** Whether the view follows the length of its buffer: only resizing that can tell, which is undone before anybody sees it. */
function isTracking(view: View, buffer: ArrayBufferLike): boolean {
  if (!(buffer instanceof ArrayBuffer) || !buffer.resizable) return false
  const { byteLength: size, maxByteLength } = buffer
  const { byteLength } = view
  const element = view.BYTES_PER_ELEMENT ?? 1
  if (size + element <= maxByteLength) {
    buffer.resize(size + element)
    const grew = view.byteLength !== byteLength
    buffer.resize(size)
    return grew
  }
  if (byteLength < element) return false
  const tail = new Uint8Array(buffer.slice(size - element))
  buffer.resize(size - element)
  const shrank = !isOutside(view) && view.byteLength === byteLength - element
  buffer.resize(size)
  new Uint8Array(buffer, size - element).set(tail)
  return shrank
}

/** Whether the buffer has become too short for the view. */
function isOutside(view: View): boolean {
  try {
    if (view.BYTES_PER_ELEMENT === undefined) return view.byteLength < 0
    Reflect.apply(keysOfView, view, [])
    return false
  } catch {
    return true
  }
}
const keysOfView = Uint8Array.prototype.keys as (this: never) => unknown

export const BUFFERS = [
  {
    prototype: ArrayBuffer.prototype as object,
    brand: accepts(lengthOf as never),
    plan: planBuffer,
  },
  ...VIEWS.flatMap((View, index) =>
    View === undefined
      ? []
      : [
          {
            prototype: View.prototype,
            brand: index === 0 ? isDataView : (value: object) => tagOf.call(value) === View.name,
            plan: planView(index),
          },
        ],
  ),
]

export const BUFFER_ROWS: readonly Row[] = [BUFFER, VIEW]
