/** Owns following the links of a record: each leads to something of this thread, or the record is refused. */
import { type Code, findCode } from "../code.ts"
import { RecordError } from "./errors.ts"
import { L_CODE, L_FRAME, L_KEY, L_KIND, L_REFERENCE, L_SHAPE, L_SINGLE } from "./format.ts"
import { findKind, type Kind } from "./kinds.ts"
import { Reader } from "./reader.ts"
import { findReference } from "./references.ts"

export class ShapeTarget {
  readonly keys: readonly string[]
  /** Whether assigning the keys to an ordinary object defines them. */
  readonly isAssignable: boolean
  constructor(keys: readonly string[]) {
    this.keys = keys
    this.isAssignable = !keys.some(key => key in Object.prototype)
  }
}

export class FrameTarget {
  readonly code: Code
  readonly pc: number
  readonly names: readonly string[]
  constructor(code: Code, pc: number, names: readonly string[]) {
    this.code = code
    this.pc = pc
    this.names = names
  }
}

/** A value, or the code of closures that are made again. */
export class Value {
  readonly value: unknown
  readonly code: Code | null
  constructor(value: unknown, code: Code | null = null) {
    this.value = value
    this.code = code
  }
}

export class KindTarget {
  readonly kind: Kind
  constructor(kind: Kind) {
    this.kind = kind
  }
}

export type Target = ShapeTarget | FrameTarget | Value | KindTarget
type Resolve = ((key: string) => unknown) | undefined

/** What the bytes of a link say, kept from record to record; what it leads to is looked up each time. */
interface Known {
  readonly bytes: Uint8Array
  readonly texts: readonly string[]
  readonly shape: ShapeTarget | null
}

const KNOWN_LIMIT = 8192
const known = new Map<number, Known>()

export function readLinks(input: Reader, resolve: Resolve): Target[] {
  const targets: Target[] = []
  for (let left = input.count(); left > 0; left--) {
    const from = input.position
    const type = input.byte()
    const { texts, shape } = contentOf(input, type)
    targets.push(shape ?? follow(type, texts, from, resolve))
  }
  return targets
}

function contentOf(input: Reader, type: number): Known {
  const length = input.varint()
  const from = input.position
  const bytes = input.raw(length)
  let hash = type
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
  const old = known.get(hash)
  if (old !== undefined && (old.shape !== null) === (type === L_SHAPE) && same(old.bytes, bytes)) return old
  const texts = textsOf(bytes, from)
  const fresh = { bytes: bytes.slice(), texts, shape: type === L_SHAPE ? new ShapeTarget(texts) : null }
  if (known.size >= KNOWN_LIMIT) known.clear()
  known.set(hash, fresh)
  return fresh
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function textsOf(bytes: Uint8Array, offset: number): string[] {
  const reader = new Reader(bytes, offset)
  const texts: string[] = []
  for (let left = reader.count(); left > 0; left--) {
    const width = reader.byte()
    if (width > 2) reader.fail("not a text")
    texts.push(reader.string(width))
  }
  if (reader.remaining > 0) reader.fail("something follows a link")
  return texts
}

function follow(type: number, texts: readonly string[], offset: number, resolve: Resolve): Target {
  const name = texts[0]
  if (name === undefined) throw new RecordError(offset, "a link without a name")
  switch (type) {
    case L_FRAME:
      return frameTarget(codeOf(name, texts[1], offset), texts, offset)
    case L_CODE: {
      const code = codeOf(name, texts[1], offset)
      return new Value(undefined, code)
    }
    case L_SINGLE:
      return singleTarget(name, offset)
    case L_REFERENCE: {
      const reference = findReference(name)
      if (reference === undefined) throw unknown(offset, `"${name}" is not registered`)
      return new Value(reference.value)
    }
    case L_KEY: {
      const value = resolve?.(name)
      if (value === undefined) throw unknown(offset, `the key "${name}" is not resolved`)
      return new Value(value)
    }
    case L_KIND: {
      const kind = findKind(name)
      if (kind === undefined) throw unknown(offset, `the kind "${name}" is not registered`)
      return new KindTarget(kind)
    }
    default:
      throw new RecordError(offset, `no link has the type ${type}`)
  }
}

function unknown(offset: number, reason: string): RecordError {
  return new RecordError(offset, `${reason} on this thread`, "ROVE_REFERENCE_UNKNOWN")
}

function codeOf(id: string, hash: string | undefined, offset: number): Code {
  const code = findCode(id)
  if (code === undefined) {
    throw new RecordError(offset, `no module of this thread has defined ${id}: import it first`, "ROVE_CODE_UNKNOWN")
  }
  if (hash !== undefined && code.hash !== hash) {
    throw new RecordError(
      offset,
      `${id} has changed: the record has hash ${hash}, this thread ${code.hash}`,
      "ROVE_CODE_CHANGED",
    )
  }
  return code
}

function singleTarget(id: string, offset: number): Value {
  const { single } = codeOf(id, undefined, offset)
  if (single === null) {
    throw new RecordError(
      offset,
      `${id} is not a function at module level, or its module has not run yet`,
      "ROVE_CODE_UNKNOWN",
    )
  }
  return new Value(single)
}

function frameTarget(code: Code, texts: readonly string[], offset: number): FrameTarget {
  const pc = Number(texts[2])
  const point = code.points[pc]
  if (point === undefined || code.Frame === null) {
    throw new RecordError(offset, `${code.id} has no resume point ${texts[2]}`, "ROVE_CODE_CHANGED")
  }
  const { live } = point
  let agree = live.length === texts.length - 3
  for (let i = 0; agree && i < live.length; i++) agree = live[i] === texts[i + 3]
  if (!agree) {
    throw new RecordError(
      offset,
      `${code.id} keeps other locals at resume point ${pc}: the record has ${texts.slice(3).join(", ")}, this thread ${live.join(", ")}`,
      "ROVE_CODE_CHANGED",
    )
  }
  return new FrameTarget(code, pc, live)
}
