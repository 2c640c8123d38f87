/** Owns the growing buffer that records are written to. */

const FIRST_SIZE = 8192
/** A buffer that grew beyond this is not kept for the next record. */
const KEPT_SIZE = 1 << 22
/** From here on the engine's own encoder is faster than a loop. Below, the length takes one byte. */
const LONG_STRING = 48
const encoder = typeof TextEncoder === "function" ? new TextEncoder() : null

export class Writer {
  bytes = new Uint8Array(FIRST_SIZE)
  view = new DataView(this.bytes.buffer)
  position = 0

  reset(): void {
    this.position = 0
    if (this.bytes.length > KEPT_SIZE) {
      this.bytes = new Uint8Array(FIRST_SIZE)
      this.view = new DataView(this.bytes.buffer)
    }
  }

  /** What was written, in a buffer of its own; twice as fast as slicing the buffer. */
  copied(): ArrayBuffer {
    const copy = new ArrayBuffer(this.position)
    new Uint8Array(copy).set(this.bytes.subarray(0, this.position))
    return copy
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.position + count > this.bytes.length) this.#grow(this.position + count)
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    bytes.set(this.bytes.subarray(0, this.position))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }

  byte(value: number): void {
    if (this.position === this.bytes.length) this.#grow(this.position + 1)
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

  /** Writes `tag` + 0, 1 or 2 by the widest character, then the length and the characters. */
  string(text: string, tag: number): void {
    const { length } = text
    this.reserve(6 + length * 2)
    const { bytes, position: start } = this
    bytes[start] = tag
    if (length >= LONG_STRING) {
      this.#long(text)
      return
    }
    bytes[start + 1] = length
    const from = start + 2
    let widest = 0
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      widest |= unit
      bytes[from + i] = unit
    }
    this.position = from + length
    if (widest > 127) this.#widen(text, start, from, widest)
  }

  #long(text: string): void {
    const { length } = text
    const { bytes, position: start } = this
    this.position++
    this.varint(length)
    const from = this.position
    this.position += length
    if (encoder !== null) {
      // the result is UTF-8, which has the same length exactly if all characters are ASCII
      const { read, written } = encoder.encodeInto(text, bytes.subarray(from, from + length))
      if (read === length && written === length) return
    }
    let widest = 0
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      widest |= unit
      bytes[from + i] = unit
    }
    if (widest > 127) this.#widen(text, start, from, widest)
  }

  /** The string that was written as ASCII is not. */
  #widen(text: string, start: number, from: number, widest: number): void {
    const { length } = text
    const { bytes, view } = this
    if (widest < 256) {
      bytes[start] = (bytes[start] as number) + 1
      return
    }
    bytes[start] = (bytes[start] as number) + 2
    for (let i = 0, at = from; i < length; i++, at += 2) view.setUint16(at, text.charCodeAt(i), true)
    this.position = from + length * 2
  }
}
