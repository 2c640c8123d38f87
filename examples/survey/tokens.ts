"use fibers"
/** Owns counting what a source text is made of. It looks at bytes, so that it need not know the encoding. */
import type { Resumable } from "rove"
import { FNV_PRIME, FNV_START, SEEDS, SIGNATURE } from "./signature.ts"

export interface Counts {
  readonly lines: number
  readonly words: number
  readonly numbers: number
  readonly strings: number
  readonly comments: number
  readonly marks: number
}

export interface Tokens {
  readonly counts: Counts
  /** Of the tokens in their order, comments aside: see `signature.ts`. */
  readonly signature: Uint32Array
}

const [NEWLINE, QUOTE, APOSTROPHE, BACKTICK, BACKSLASH, SLASH, STAR] = [10, 34, 39, 96, 92, 47, 42]

/** What a byte can begin: nothing, a mark, a word, a number. In words: a letter, `_`, `$`, a digit, or beyond ASCII. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte <= 32) return 0
  const character = String.fromCharCode(byte)
  return /[0-9]/.test(character) ? 3 : /[\w$\x80-\xff]/.test(character) ? 2 : 1
})
const [MARK, WORD, NUMBER] = [1, 2, 3]

/** Reads the tokens of a text. Ordinary loops over ordinary variables: they can be stopped and moved at each turn. */
export function* tokenise(bytes: Uint8Array): Resumable<Tokens> {
  const { length } = bytes
  const signature = new Uint32Array(SIGNATURE).fill(0xffffffff)
  let [lines, words, numbers, strings, comments, marks] = [0, 0, 0, 0, 0, 0]
  let [first, second, third] = [0, 0, 0]
  let at = 0
  while (at < length) {
    const start = at
    const byte = bytes[at++] as number
    const kind = kinds[byte]
    if (kind === WORD || kind === NUMBER) {
      if (kind === WORD) words++
      else numbers++
      while (at < length && (kinds[bytes[at] as number] as number) >= WORD) at++
    } else if (byte === QUOTE || byte === APOSTROPHE || byte === BACKTICK) {
      strings++
      while (at < length && bytes[at] !== byte) {
        if (bytes[at] === NEWLINE) {
          if (byte !== BACKTICK) break
          lines++
        } else if (bytes[at] === BACKSLASH && bytes[at + 1] !== NEWLINE) at++
        at++
      }
      if (bytes[at] === byte) at++
    } else if (byte === SLASH && bytes[at] === SLASH) {
      comments++
      while (at < length && bytes[at] !== NEWLINE) at++
      continue
    } else if (byte === SLASH && bytes[at] === STAR) {
      comments++
      at++
      while (at < length && !(bytes[at] === STAR && bytes[at + 1] === SLASH)) if (bytes[at++] === NEWLINE) lines++
      at += 2
      continue
    } else if (kind === MARK) marks++
    else {
      if (byte === NEWLINE) lines++
      continue
    }
    let token = FNV_START
    for (let i = start; i < at && i < length; i++) token = Math.imul(token ^ (bytes[i] as number), FNV_PRIME)
    first = second
    second = third
    third = token
    const three = Math.imul(Math.imul(first, FNV_PRIME) ^ second, FNV_PRIME) ^ third
    for (let i = 0; i < SIGNATURE; i++) {
      const value = Math.imul(three ^ (SEEDS[i] as number), FNV_PRIME) >>> 0
      if (value < (signature[i] as number)) signature[i] = value
    }
  }
  return { counts: { lines, words, numbers, strings, comments, marks }, signature }
}
