/** Owns ArrayBuffer and the views on it. Views of one buffer go on sharing it. */
import { accepts, asked, getter } from "../brand.ts"
import { RecordError, Unportable } from "../errors.ts"
import { CLOSED, F_INTEGRITY, F_KIND, F_ORDINARY, T_BUFFER, T_VIEW } from "../format.ts"
import { Plan, type Row } from "../plan.ts"
import { found, surveyExtras } from "../properties.ts"

/** The buffer can be resized. */
const F_RESIZABLE = F_KIND
/** The view follows the length of its buffer. */
const F_TRACKING = F_KIND

type Getter<T> = (this: object) => T
// asked for past what a program gave the object itself, or took away from its prototypes
const { resize, transfer } = ArrayBuffer.prototype
const lengthOf = getter(ArrayBuffer.prototype, "byteLength") as Getter<number>
const maxLengthOf = getter(ArrayBuffer.prototype, "maxByteLength") as Getter<number>
const isDetached = getter(ArrayBuffer.prototype, "detached") as Getter<boolean>
const isResizable = getter(ArrayBuffer.prototype, "resizable") as Getter<boolean>
const isArrayBuffer = accepts(lengthOf)

const { SharedArrayBuffer: Shared, structuredClone: alike } = globalThis as Partial<typeof globalThis>
const sharedLengthOf = getter(Shared?.prototype ?? {}, "byteLength") as Getter<number>
/** Whether it is memory that threads share, whatever its prototype says. */
export const isShared = accepts(sharedLengthOf)
const growable = getter(Shared?.prototype ?? {}, "growable") as Getter<boolean> | undefined

/** Whether it is shared and may become longer. */
function isGrowable(buffer: ArrayBufferLike): boolean {
  return Shared !== undefined && buffer instanceof Shared && growable?.call(buffer) === true
}

/** A copy of some of its bytes, without asking the buffer for a class to make it of. */
function copyOf(buffer: ArrayBufferLike, from: number, length: number, to: ArrayBuffer): ArrayBuffer {
  new Uint8Array(to).set(new Uint8Array(buffer, from, length))
  return to
}

const BUFFER: Row = {
  tag: T_BUFFER,
  flags: F_ORDINARY | F_RESIZABLE,
  announce(encoder, plan) {
    const buffer = plan.value as ArrayBuffer
    encoder.number(lengthOf.call(buffer))
    if ((plan.flags & F_RESIZABLE) !== 0) encoder.number(maxLengthOf.call(buffer))
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
    if (cloner.moving) return Reflect.apply(transfer, buffer, []) as ArrayBuffer
    const length = lengthOf.call(buffer)
    const options = (plan.flags & F_RESIZABLE) === 0 ? undefined : { maxByteLength: maxLengthOf.call(buffer) }
    return copyOf(buffer, 0, length, new ArrayBuffer(length, options))
  },
}

function planBuffer(value: object): Plan {
  if (isDetached.call(value)) throw new Unportable(value, "a detached ArrayBuffer is not portable")
  surveyExtras(value)
  return new Plan(BUFFER, value, found.flags | (isResizable.call(value) ? F_RESIZABLE : 0), found.keys, null)
}

type View = ArrayBufferView
interface ViewClass {
  readonly BYTES_PER_ELEMENT?: number
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

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
const tagOf = getter(typedArray, Symbol.toStringTag) as Getter<string | undefined>
const [ofDataView, ofTypedArray] = [DataView.prototype, typedArray].map(prototype => ({
  bufferOf: getter(prototype, "buffer") as Getter<ArrayBufferLike>,
  offsetOf: getter(prototype, "byteOffset") as Getter<number>,
  sizeOf: getter(prototype, "byteLength") as Getter<number>,
})) as [Asking, Asking]
/** The engine's own getters of a view. */
interface Asking {
  readonly bufferOf: Getter<ArrayBufferLike>
  readonly offsetOf: Getter<number>
  readonly sizeOf: Getter<number>
}
/** The bytes of a buffer or a view, whatever it says itself; undefined if it is neither, or has lost its buffer. */
export function bytesOf(value: object): number | undefined {
  if (ArrayBuffer.isView(value)) return asked(ofTypedArray.sizeOf, value) ?? asked(ofDataView.sizeOf, value)
  return asked(lengthOf, value) ?? (Shared === undefined ? undefined : asked(sharedLengthOf, value))
}

/** What a view is of. */
export function bufferOf(view: ArrayBufferView): ArrayBufferLike {
  return (asked(ofTypedArray.bufferOf, view) ?? asked(ofDataView.bufferOf, view)) as ArrayBufferLike
}

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
  const ask = index === 0 ? ofDataView : ofTypedArray
  const element = VIEWS[index]?.BYTES_PER_ELEMENT ?? 1
  return value => {
    const buffer = ask.bufferOf.call(value)
    const resizable = isArrayBuffer(buffer) && isResizable.call(buffer)
    if (isArrayBuffer(buffer) && isDetached.call(buffer))
      throw new Unportable(value, "a view of a detached ArrayBuffer is not portable")
    if (resizable && isOutside(value, index))
      throw new Unportable(value, "a view that its buffer has become too short for is not portable")
    const offset = ask.offsetOf.call(value)
    const size = ask.sizeOf.call(value)
    const length = size / element
    if (index === 0 || length <= EXACT_LENGTH) surveyExtras(value, key => index > 0 && Number(key) < length)
    else {
      found.keys = Object.getOwnPropertySymbols(value)
      found.flags = (Object.isExtensible(value) ? 0 : 1) | (found.keys.length > 0 ? 4 : 0)
    }
    const { keys, flags } = found
    const pooled = isPooled(value, buffer, size)
    const parts: ViewParts = pooled
      ? { index, buffer: copyOf(buffer, offset, size, new ArrayBuffer(size)), offset: 0, length }
      : { index, buffer, offset, length }
    const tracking = resizable
      ? isTracking(value, index, buffer as ArrayBuffer)
      : isGrowable(buffer) && isTrackingShared(value, index, buffer)
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

/** How much longer than its `poolSize` Node makes the memory of a pool: since Node 26 its start is aligned. */
const MARGIN = 64

/** Node's small Buffers lie together in a pool: their neighbours' bytes do not belong to them. */
function isPooled(value: object, buffer: ArrayBufferLike, size: number): boolean {
  const { Buffer } = globalThis as { Buffer?: { prototype: object; poolSize: number } }
  if (Buffer === undefined || Object.getPrototypeOf(value) !== Buffer.prototype || !isArrayBuffer(buffer)) return false
  const whole = lengthOf.call(buffer)
  return (whole === Buffer.poolSize || whole === Buffer.poolSize + MARGIN) && size < whole
}

/** Whether the view follows the length of its buffer: only resizing that can tell, which is undone before anybody sees it. */
function isTracking(view: object, index: number, buffer: ArrayBuffer): boolean {
  const { sizeOf } = index === 0 ? ofDataView : ofTypedArray
  const element = VIEWS[index]?.BYTES_PER_ELEMENT ?? 1
  const whole = lengthOf.call(buffer)
  const size = sizeOf.call(view)
  const resized = (to: number): void => Reflect.apply(resize, buffer, [to])
  if (whole + element <= maxLengthOf.call(buffer)) {
    resized(whole + element)
    const grew = sizeOf.call(view) !== size
    resized(whole)
    return grew
  }
  if (size < element) return false
  const tail = new Uint8Array(copyOf(buffer, whole - element, element, new ArrayBuffer(element)))
  resized(whole - element)
  const shrank = !isOutside(view, index) && sizeOf.call(view) === size - element
  resized(whole)
  new Uint8Array(buffer, whole - element).set(tail)
  return shrank
}

/**
 * The same for a SharedArrayBuffer, whose growing could not be undone: a second view made like the first can be closed
 * only if its length is fixed. DataViews do not tell: those that reach the end mostly follow it.
 */
function isTrackingShared(view: object, index: number, buffer: ArrayBufferLike): boolean {
  const { offsetOf, sizeOf } = index === 0 ? ofDataView : ofTypedArray
  const element = VIEWS[index]?.BYTES_PER_ELEMENT ?? 1
  if (offsetOf.call(view) + sizeOf.call(view) + element <= sharedLengthOf.call(buffer)) return false
  return index === 0 || (alike !== undefined && !Reflect.preventExtensions(alike(view)))
}

/** Whether the buffer has become too short for the view. */
function isOutside(view: object, index: number): boolean {
  try {
    if (index === 0) return ofDataView.sizeOf.call(view) < 0
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
    brand: isArrayBuffer,
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
