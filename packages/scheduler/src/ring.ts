/**
 * Owns a ring of bytes in shared memory from one thread to another: mails that are small and carry no handles.
 *
 * Entries lie contiguous, at multiples of eight bytes, as does a payload within; where one does not fit before the end, a word says so
 * and it goes to the start. Positions count bytes since the beginning, modulo 2^32; the size is a power of two.
 */
import { RingCells, SharedWords, type Words } from "./cells.ts"

const WRAP = -1
/** An entry begins with words: its length, sequence number, kind and length of the id, two numbers, length of the text (or ~ the number in its place), length of the payload. */
const HEADER = 7
/** Payloads up to this size lie one behind the other in buffers of that size: one for each would cost as much as decoding it. */
const SMALL = 1024
const TOGETHER = 8192

export interface Entry {
  readonly sequence: number
  readonly kind: number
  readonly a: number
  readonly b: number
  readonly id: string
  /** The names of modules, or the number of a list of them that came before; or what there is in place of bytes. */
  readonly text: string | number
  /** A copy, which may lie in one buffer with others; null if there is none. */
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** The engine copies shared memory byte by byte, at ten times the price, unless both sides begin at a multiple of eight. */
const aligned = (position: number): number => (position + 7) & ~7

/** Methods that Node's buffers have, and the types do not. They do not copy into strings of their own first. */
type Text = Buffer & {
  latin1Write(text: string, at: number): number
  utf8Write(text: string, at: number): number
  latin1Slice(from: number, to: number): string
  utf8Slice(from: number, to: number): string
}

class Ring {
  protected readonly cells: RingCells
  protected readonly size: number
  protected readonly words: Int32Array
  protected readonly bytes: Text
  constructor(buffer: SharedArrayBuffer, words: Words = new SharedWords(buffer)) {
    this.cells = new RingCells(words)
    this.size = buffer.byteLength - RingCells.bytes
    this.words = new Int32Array(buffer, RingCells.bytes)
    this.bytes = Buffer.from(buffer, RingCells.bytes) as Buffer as Text
  }
}

export function allocateRing(size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(RingCells.bytes + size)
}

export class RingWriter extends Ring {
  #head = 0
  #tail = 0
  /** False, and nothing is written, if there is no room: then it goes another way. */
  write(
    sequence: number,
    kind: number,
    a: number,
    b: number,
    id: string,
    text: string | number,
    bytes: Uint8Array | null,
  ): boolean {
    const textBytes = typeof text === "number" ? ~text : text === "" ? 0 : Buffer.byteLength(text)
    const before = HEADER * 4 + id.length + Math.max(textBytes, 0)
    const length = aligned(bytes === null ? before : aligned(before) + bytes.length)
    if (length > this.size >>> 2) return false
    const offset = this.#reserve(length)
    if (offset < 0) return false
    const at = offset >>> 2
    const { words } = this
    words[at] = length
    words[at + 1] = sequence
    words[at + 2] = kind | (id.length << 8)
    words[at + 3] = a
    words[at + 4] = b
    words[at + 5] = textBytes
    words[at + 6] = bytes === null ? -1 : bytes.length
    let to = offset + HEADER * 4
    to += this.bytes.latin1Write(id, to)
    if (textBytes > 0) to += this.bytes.utf8Write(text as string, to)
    if (bytes !== null) this.bytes.set(bytes, aligned(to))
    this.#head = (this.#head + length) | 0
    this.cells.head = this.#head
    return true
  }
  /** The mail with that number can be read, here or at the port. */
  publish(sequence: number): void {
    this.cells.sent = sequence
  }
  #reserve(length: number): number {
    const position = this.#head & (this.size - 1)
    const rest = this.size - position
    const needed = rest < length ? rest + length : length
    if (((this.#head - this.#tail) | 0) + needed > this.size) {
      this.#tail = this.cells.tail
      if (((this.#head - this.#tail) | 0) + needed > this.size) return -1
    }
    if (rest >= length) return position
    this.words[position >>> 2] = WRAP
    this.#head = (this.#head + rest) | 0
    return 0
  }
}

export class RingReader extends Ring {
  #head = 0
  #tail = 0
  #together = new ArrayBuffer(0)
  /** Of that buffer; at first there is none. */
  #used = TOGETHER + 1
  get sent(): number {
    return this.cells.sent
  }
  /** Reads the next entry if it has that number. */
  read(sequence: number): Entry | null {
    if (this.#head === this.#tail) {
      this.#head = this.cells.head
      if (this.#head === this.#tail) return null
    }
    let position = this.#tail & (this.size - 1)
    if (this.words[position >>> 2] === WRAP) {
      this.#tail = (this.#tail + this.size - position) | 0
      position = 0
    }
    const at = position >>> 2
    const { words } = this
    if (words[at + 1] !== sequence) return null
    const second = words[at + 2] as number
    const textBytes = words[at + 5] as number
    const length = words[at + 6] as number
    const afterId = position + HEADER * 4 + (second >>> 8)
    const afterText = afterId + Math.max(textBytes, 0)
    const id = this.bytes.latin1Slice(position + HEADER * 4, afterId)
    const text = textBytes < 0 ? ~textBytes : textBytes === 0 ? "" : this.bytes.utf8Slice(afterId, afterText)
    const bytes = length < 0 ? null : this.#copy(aligned(afterText), length)
    const entry = {
      sequence,
      kind: second & 0xff,
      a: words[at + 3] as number,
      b: words[at + 4] as number,
      id,
      text,
      bytes,
    }
    this.#tail = (this.#tail + (words[at] as number)) | 0
    this.cells.tail = this.#tail
    return entry
  }
  #copy(from: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = length > SMALL ? new Uint8Array(length) : this.#small(length)
    // not `subarray`, which looks for the class to make one of
    bytes.set(new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, length))
    return bytes
  }
  #small(length: number): Uint8Array<ArrayBuffer> {
    if (this.#used + length > TOGETHER) {
      this.#together = new ArrayBuffer(TOGETHER)
      this.#used = 0
    }
    const at = this.#used
    this.#used = aligned(at + length)
    return new Uint8Array(this.#together, at, length)
  }
}
