/** Owns reading the link table of a record: each link leads to something of this thread, or the record is refused. */
import { type Code, findCode } from "../code.ts"
import { RecordError } from "./errors.ts"
import { L_CODE, L_FRAME, L_KEY, L_KIND, L_REFERENCE, L_SHAPE, L_SINGLE } from "./format.ts"
import { findKind } from "./kinds.ts"
import { CodeTarget, FrameTarget, KindTarget, ShapeTarget, type Target, ValueTarget } from "./link-targets.ts"
import type { Reader } from "./reader.ts"
import { findReference } from "./references.ts"

type Resolve = ((key: string) => unknown) | undefined

/** A table that was read before. */
interface Known {
  readonly view: DataView
  readonly targets: readonly Target[]
}

const KNOWN_LIMIT = 4096
const KNOWN_SIZE = 8192
const known = new Map<number, Known>()

/** Reads the table, which is the rest of the input. */
export function readLinks(input: Reader, resolve: Resolve): readonly Target[] {
  const from = input.position
  if (input.remaining < 5) input.fail("the link table is cut off")
  const key = input.view.getInt32(from, true)
  const old = known.get(key)
  if (old !== undefined && same(old.view, input, from) && areCurrent(old.targets)) return old.targets
  input.position = from + 4
  const targets: Target[] = []
  for (let left = input.count(); left > 0; left--) targets.push(readLink(input, resolve))
  if (input.remaining > 0) input.fail("something follows the link table")
  const size = input.end - from
  if (size <= KNOWN_SIZE && areCurrent(targets)) {
    if (known.size >= KNOWN_LIMIT) known.clear()
    known.set(key, { view: new DataView(input.bytes.slice(from).buffer), targets })
  }
  return targets
}

/** Whether the rest of the input has the bytes of `view`: words first, which are quicker. */
function same(view: DataView, input: Reader, from: number): boolean {
  const size = view.byteLength
  if (size !== input.end - from) return false
  let at = 0
  for (; at + 4 <= size; at += 4) if (view.getInt32(at, true) !== input.view.getInt32(from + at, true)) return false
  for (; at < size; at++) if (view.getUint8(at) !== input.bytes[from + at]) return false
  return true
}

function areCurrent(targets: readonly Target[]): boolean {
  for (let i = 0; i < targets.length; i++) if (!(targets[i] as Target).isCurrent()) return false
  return true
}

function readLink(input: Reader, resolve: Resolve): Target {
  const from = input.position
  const type = input.byte()
  const end = input.varint() + input.position
  if (end > input.end) input.fail("the link table is cut off")
  const texts: string[] = []
  for (let left = input.count(); left > 0; left--) {
    const width = input.byte()
    if (width > 2) input.fail("not a text")
    texts.push(input.string(width))
  }
  if (input.position !== end) input.fail("a link is longer or shorter than it says")
  return type === L_SHAPE ? new ShapeTarget(texts) : follow(type, texts, from, resolve)
}

function follow(type: number, texts: readonly string[], offset: number, resolve: Resolve): Target {
  const name = texts[0]
  if (name === undefined) throw new RecordError(offset, "a link without a name")
  switch (type) {
    case L_FRAME:
      return frameTarget(codeOf(name, texts[1], offset), texts, offset)
    case L_CODE:
      return new CodeTarget(codeOf(name, texts[1], offset))
    case L_SINGLE:
      return singleTarget(codeOf(name, undefined, offset), offset)
    case L_REFERENCE: {
      const reference = findReference(name)
      if (reference === undefined) throw unknown(offset, `"${name}" is not registered`)
      return new ValueTarget(reference.value, reference)
    }
    case L_KEY: {
      const value = resolve?.(name)
      if (value === undefined) throw unknown(offset, `the key "${name}" is not resolved`)
      return new ValueTarget(value, null)
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
    const reason = `${id} has changed: its hash is ${hash} in the record and ${code.hash} on this thread`
    throw new RecordError(offset, reason, "ROVE_CODE_CHANGED")
  }
  return code
}

function singleTarget(code: Code, offset: number): ValueTarget {
  if (code.single !== null) return new ValueTarget(code.single, code)
  const reason = `${code.id} is not a function at module level, or its module has not run yet`
  throw new RecordError(offset, reason, "ROVE_CODE_UNKNOWN")
}

function frameTarget(code: Code, texts: readonly string[], offset: number): FrameTarget {
  const pc = Number(texts[2])
  const point = code.points[pc]
  if (point === undefined || code.Frame === null) {
    throw new RecordError(offset, `${code.id} has no resume point ${texts[2]}`, "ROVE_CODE_CHANGED")
  }
  const { live } = point
  const names = texts.slice(3)
  if (names.length !== live.length || names.some((name, i) => name !== live[i])) {
    const reason = `${code.id} keeps other locals at resume point ${pc}: ${list(names)} in the record, ${list(live)} on this thread`
    throw new RecordError(offset, reason, "ROVE_CODE_CHANGED")
  }
  return new FrameTarget(code, pc, live)
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ")
}
