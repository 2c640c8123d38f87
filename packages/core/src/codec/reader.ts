/** Owns reading bytes that cannot be trusted: every read is checked against the end. */
import { RecordError } from "./errors.ts"
import { T_ASCII } from "./format.ts"
import { stringOf } from "./strings.ts"

/** Records up to this size are copied to where they are read: a view of each would cost five times as much. */
const ROOM = 4096

export class Reader {
  readonly #room = new Uint8Array(ROOM)
  readonly #roomView = new DataView(this.#room.buffer)
  /** Begins with the record; what follows its end is not part of it. */
  bytes: Uint8Array = this.#room
  view: DataView = this.#roomView
  position = 0
  end = 0

  /** Begins to read a record. */
  begin(record: Uint8Array): void {
    const { length } = record
    this.position = 0
    this.end = length
    if (length <= ROOM) this.#room.set(record)
    else {
      this.bytes = record
      this.view = new DataView(record.buffer, record.byteOffset, length)
    }
  }

  /** Forgets a record that is not a copy, so that it is not kept alive. */
  forget(): void {
    if (this.bytes === this.#room) return
    this.bytes = this.#room
    this.view = this.#roomView
  }

  fail(reason: string): never {
    throw new RecordError(this.position, reason)
  }

  get remaining(): number {
    return this.end - this.position
  }

  byte(): number {
    if (this.position >= this.end) this.fail("the record ends too early")
    return this.bytes[this.position++] as number
  }

  varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      if (shift === 28 && byte > 15) this.fail("a number does not fit into 32 bits")
      value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
    }
  }

  /** A number of things that take at least one byte each. */
  count(): number {
    const count = this.varint()
    if (count > this.end - this.position) this.fail(`${count} items cannot follow`)
    return count
  }

  double(): number {
    if (this.position + 8 > this.end) this.fail("the record ends too early")
    const value = this.view.getFloat64(this.position, true)
    this.position += 8
    return value
  }

  raw(length: number): Uint8Array {
    if (length > this.end - this.position) this.fail(`${length} bytes cannot follow`)
    const from = this.position
    this.position += length
    return this.bytes.subarray(from, this.position)
  }

  /** What `Writer.string` wrote; `width` is 0, 1 or 2. */
  string(width: number): string {
    const length = this.varint()
    const size = width === 2 ? length * 2 : length
    if (size > this.end - this.position) this.fail(`${length} characters cannot follow`)
    const from = this.position
    this.position += size
    return stringOf(this.bytes, this.view, from, length, width)
  }

  /** A bigint as its hexadecimal digits, which are a string of ASCII. */
  bigint(): bigint {
    if (this.byte() !== T_ASCII) this.fail("not a bigint")
    const text = this.string(0)
    if (!/^-?[0-9a-f]+$/.test(text)) this.fail("not a bigint")
    return text[0] === "-" ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`)
  }
}
