/** Owns writing values that are not objects. */
import { T_ASCII, T_BIGINT, T_DOUBLE, T_EMPTY, T_FALSE, T_INT, T_MINUS_ZERO, T_NAN, T_SMALL, T_TRUE } from "./format.ts"
import { StringsSeen } from "./strings-seen.ts"
import { Writer } from "./writer.ts"

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const tagAscii = T_ASCII
const tagDouble = T_DOUBLE
const tagFalse = T_FALSE
const tagInt = T_INT
const tagSmall = T_SMALL
const tagTrue = T_TRUE

export class PrimitiveEncoder {
  readonly out = new Writer()
  readonly #strings = new StringsSeen()

  protected forget(): void {
    this.#strings.clear()
  }

  boolean(value: boolean): void {
    this.out.byte(value ? tagTrue : tagFalse)
  }

  number(value: number): void {
    const { out } = this
    if ((value | 0) !== value) this.#fraction(value)
    else if (value > 0 && value < 128) out.byte(tagSmall | value)
    else if (value === 0) out.byte(Object.is(value, -0) ? T_MINUS_ZERO : tagSmall)
    else {
      out.byte(tagInt)
      out.varint(((value << 1) ^ (value >> 31)) >>> 0)
    }
  }

  #fraction(value: number): void {
    const { out } = this
    // NaN has one form only, since engines may keep or change its bits
    if (Number.isNaN(value)) {
      out.byte(T_NAN)
      return
    }
    out.byte(tagDouble)
    out.double(value)
  }

  string(value: string): void {
    const { out } = this
    if (value === "") {
      out.byte(T_EMPTY)
      return
    }
    this.#strings.write(value, out)
  }

  bigint(value: bigint): void {
    this.out.byte(T_BIGINT)
    this.out.string(value.toString(16), tagAscii)
  }
}
