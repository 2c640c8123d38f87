/**
 * Owns the growing buffer that records are written to.
 *
 * Small records stay where they were written, one behind the other in one buffer: a buffer for each would cost as much as
 * writing a few hundred bytes. Large ones are copied out of it, so that nobody keeps much more alive than was asked for.
 */

const FIRST_SIZE = 32_768
/** A larger record gets a buffer of its own. */
const SMALL = 4096
/** With less room than this, a record begins in a new buffer. */
const ROOM = 512
/** A buffer that grew beyond this is not kept for the next record. */
const KEPT_SIZE = 1 << 22
/** From here on the engine's own encoder is faster than a loop. Below, the length takes one byte. */
const LONG_STRING = 48
const encoder = typeof TextEncoder === "function" ? new TextEncoder() : null

export class Writer {
  bytes: Uint8Array<ArrayBuffer>
  view: DataView
  /** Of both: to ask a view for it takes a call. */
  #buffer: ArrayBuffer
  /** Where the record under way begins. */
  start = 0
  position = 0

  /** Of a new buffer. */
  readonly #size: number
  constructor(size = FIRST_SIZE) {
    this.#size = size
    this.#buffer = new ArrayBuffer(size)
    this.bytes = new Uint8Array(this.#buffer)
    this.view = new DataView(this.#buffer)
  }

  /** Begins a record; one that was not finished is forgotten. */
  begin(): void {
    // somebody may have transferred the buffer that a record lies in: then it has no length any more
    if (this.start + ROOM > this.bytes.length || this.bytes.length > KEPT_SIZE) this.#renew()
    this.position = this.start
  }

  #renew(): void {
    this.#take(new Uint8Array(this.#size))
    this.start = 0
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#buffer = bytes.buffer
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }

  /** Ends the record and gives its bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const { start, position } = this
    // not `subarray`, which looks for the class to make one of
    const written = new Uint8Array(this.#buffer, start, position - start)
    if (position - start > SMALL) return new Uint8Array(written)
    // copied by words, wherever it goes to such a place
    this.start = (position + 7) & ~7
    return written
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.position + count > this.bytes.length) this.#grow(count)
  }

  /** Takes the record under way to a larger buffer, or a new one: positions change. */
  #grow(count: number): void {
    const written = this.bytes.subarray(this.start, this.position)
    const bytes = new Uint8Array(Math.max(this.#size, (written.length + count) * 2))
    bytes.set(written)
    this.#take(bytes)
    this.start = 0
    this.position = written.length
  }

  byte(value: number): void {
    if (this.position === this.bytes.length) this.#grow(1)
    this.bytes[this.position++] = value
  }

  /** An unsigned 32-bit integer. */
  varint(value: number): void {
    this.reserve(5)
    const { bytes } = this
    let rest = value
    while (rest > 127) {
      bytes[this.position++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[this.position++] = rest
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.position, value, true)
    this.position += 8
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length)
    this.bytes.set(source, this.position)
    this.position += source.length
  }

  /** Writes `tag` + 0, 1 or 2 by the widest character, then the length and the characters. Whether it is ASCII. */
  string(text: string, tag: number): boolean {
    const { length } = text
    this.reserve(6 + length * 2)
    const { bytes, position: start } = this
    bytes[start] = tag
    if (length >= LONG_STRING) return this.#long(text)
    bytes[start + 1] = length
    const from = start + 2
    let widest = 0
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      widest |= unit
      bytes[from + i] = unit
    }
    this.position = from + length
    return widest <= 127 || this.#widen(text, start, from, widest)
  }

  /** Writes a string of ASCII as `string` does, of which {@link keep} has kept the characters. */
  words(words: Int32Array, from: number, length: number, tag: number): void {
    this.reserve(2 + 12)
    const { bytes, view, position } = this
    bytes[position] = tag
    bytes[position + 1] = length
    // all three, since it takes less than to ask how many: what is too much is overwritten by what follows
    view.setInt32(position + 2, words[from] as number, true)
    view.setInt32(position + 6, words[from + 1] as number, true)
    view.setInt32(position + 10, words[from + 2] as number, true)
    this.position = position + 2 + length
  }

  /** Keeps the characters of the string of ASCII that was written last, of up to 12. */
  keep(words: Int32Array, to: number, length: number): void {
    this.reserve(12)
    const { view, position } = this
    const from = position - length
    words[to] = view.getInt32(from, true)
    words[to + 1] = view.getInt32(from + 4, true)
    words[to + 2] = view.getInt32(from + 8, true)
  }

  #long(text: string): boolean {
    const { length } = text
    const { bytes, position: start } = this
    this.position++
    this.varint(length)
    const from = this.position
    this.position += length
    if (encoder !== null) {
      // the result is UTF-8, which has the same length exactly if all characters are ASCII
      const { read, written } = encoder.encodeInto(text, bytes.subarray(from, from + length))
      if (read === length && written === length) return true
    }
    let widest = 0
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      widest |= unit
      bytes[from + i] = unit
    }
    return widest <= 127 || this.#widen(text, start, from, widest)
  }

  /** The string that was written as ASCII is not. */
  #widen(text: string, start: number, from: number, widest: number): false {
    const { length } = text
    const { bytes, view } = this
    if (widest < 256) {
      bytes[start] = (bytes[start] as number) + 1
      return false
    }
    bytes[start] = (bytes[start] as number) + 2
    for (let i = 0, at = from; i < length; i++, at += 2) view.setUint16(at, text.charCodeAt(i), true)
    this.position = from + length * 2
    return false
  }
}
