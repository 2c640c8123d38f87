/** Owns the numbers of a source map's `mappings`: base 64, five bits a character, the sign in the lowest bit. */

const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const codes = Uint8Array.from(CHARACTERS, c => c.charCodeAt(0))
const digits = new Uint8Array(128)
for (let i = 0; i < CHARACTERS.length; i++) digits[CHARACTERS.charCodeAt(i)] = i

const MORE = 32
/** A number of 32 bits takes at most so many characters. */
export const LONGEST = 7
export const COMMA = 0x2c
export const SEMICOLON = 0x3b

/** Writes a number at a place of the bytes, and gives the place behind it. */
export function write(bytes: Uint8Array, at: number, value: number): number {
  let left = value < 0 ? (-value << 1) | 1 : value << 1
  let end = at
  do {
    const digit = left & (MORE - 1)
    left >>>= 5
    bytes[end++] = codes[left > 0 ? digit | MORE : digit] as number
  } while (left > 0)
  return end
}

/** Reads numbers out of a text, one after the other. */
export class Reader {
  private readonly text: string
  at = 0
  constructor(text: string) {
    this.text = text
  }

  /** Whether a number is here, and no separator or the end. */
  has(): boolean {
    const code = this.text.charCodeAt(this.at)
    return code !== COMMA && code !== SEMICOLON && this.at < this.text.length
  }

  next(): number {
    let value = 0
    let shift = 0
    let digit = MORE
    while ((digit & MORE) !== 0) {
      digit = digits[this.text.charCodeAt(this.at++)] ?? 0
      value |= (digit & (MORE - 1)) << shift
      shift += 5
    }
    return (value & 1) === 0 ? value >>> 1 : -(value >>> 1)
  }
}
