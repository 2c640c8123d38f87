/** Owns reading the link table of a record, and remembering what was made of a table that comes again. */
import { checksum } from "./checksum.ts"
import type { DecodeOptions } from "./decode.ts"
import { CHECKSUM_SIZE, L_SHAPE } from "./format.ts"
import { Follower } from "./link-follower.ts"
import { ShapeTarget, type Target } from "./link-targets.ts"
import { arrayOf, List } from "./list.ts"
import type { Reader } from "./reader.ts"

/** A table that was read before. */
interface Known {
  readonly view: DataView
  readonly targets: ArrayLike<Target>
}

const KNOWN_LIMIT = 4096
const KNOWN_SIZE = 8192
const known = new Map<number, Known>()

/** Reads the table, which is the rest of the input. */
export function readLinks(input: Reader, options: DecodeOptions): ArrayLike<Target> {
  const from = input.position
  const key = input.view.getInt32(from, true)
  const old = known.get(key)
  if (old !== undefined && same(old.view, input, from) && areCurrent(old.targets)) return old.targets
  const follower = new Follower(options)
  const targets = readTable(input, (type, texts, offset) => follower.follow(type, texts, offset))
  follower.check(from)
  const size = input.end - from
  if (size <= KNOWN_SIZE && !follower.lenient && areCurrent(targets)) {
    if (known.size >= KNOWN_LIMIT) known.clear()
    known.set(key, { view: new DataView(input.bytes.slice(from, input.end).buffer), targets })
  }
  return targets
}

export type Follow = (type: number, texts: readonly string[], offset: number) => Target

/** Reads the table anew, and follows its links in that way. */
export function readTable(input: Reader, follow: Follow): ArrayLike<Target> {
  const { view, position, end } = input
  if (view.getInt32(position, true) !== checksum(view, position + CHECKSUM_SIZE, end))
    input.fail("the checksum of the link table is wrong: bytes were changed or are missing")
  input.position += CHECKSUM_SIZE
  const targets = new List<Target>()
  for (let left = input.count(); left > 0; left--) targets.add(readLink(input, follow))
  if (input.remaining > 0) input.fail("something follows the link table")
  return targets
}

/** Whether the rest of the input has the bytes of `view`: eight at a time, of which the engine makes no bigints. */
function same(view: DataView, input: Reader, from: number): boolean {
  const size = view.byteLength
  if (size !== input.end - from) return false
  const there = input.view
  let at = 0
  for (let i = from; at + 16 <= size; at += 16, i += 16) {
    if (view.getBigInt64(at, true) !== there.getBigInt64(i, true)) return false
    if (view.getBigInt64(at + 8, true) !== there.getBigInt64(i + 8, true)) return false
  }
  for (; at < size; at++) if (view.getUint8(at) !== input.bytes[from + at]) return false
  return true
}

function areCurrent(targets: ArrayLike<Target>): boolean {
  for (let i = 0; i < targets.length; i++) if (!(targets[i] as Target).isCurrent()) return false
  return true
}

function readLink(input: Reader, follow: Follow): Target {
  const from = input.position
  const type = input.byte()
  const end = input.varint() + input.position
  if (end > input.end) input.fail("the link table is cut off")
  const found = new List<string>()
  for (let left = input.count(); left > 0; left--) {
    const width = input.byte()
    if (width > 2) input.fail("not a text")
    found.add(input.string(width))
  }
  const texts = arrayOf(found)
  if (input.position !== end) input.fail("a link is longer or shorter than it says")
  return type === L_SHAPE ? new ShapeTarget(texts) : follow(type, texts, from)
}
