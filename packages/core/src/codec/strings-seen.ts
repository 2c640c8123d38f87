/**
 * Owns writing strings: each once, and then by the number that it has in its record.
 *
 * Short ones have a slot by length and some of their characters, from which a later one displaces them: a string may then be
 * written twice, which costs a few bytes where a map would cost 50 ns for each string. The shortest stay in their slots,
 * with their characters as words, for the records that follow: those of a program say the same things again and again.
 * What is written does not depend on that.
 */
import { T_ASCII, T_STRING_REF } from "./format.ts"
import { List } from "./list.ts"
import type { Writer } from "./writer.ts"

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const tagAscii = T_ASCII
const tagStringRef = T_STRING_REF

const SHORT = 40
const SLOTS = 256
/** Up to this length a string is kept beyond its record: none of so few characters is part of a longer one, which it would keep alive. */
const KEPT = 12
const WORDS = KEPT / 4

export class StringsSeen {
  /** Number of strings that the record has. */
  #count = 0
  readonly #slots = new List<string>()
  /** The record that the string of a slot was written to last, and its number there. */
  readonly #records = new Int32Array(SLOTS)
  readonly #indices = new Int32Array(SLOTS)
  /** The characters of those that are kept, four in a word. */
  readonly #words = new Int32Array(SLOTS * WORDS)
  #record = 1
  /** Slots to be emptied after the record, and whether a slot is among them. */
  readonly #used = new Uint8Array(SLOTS)
  readonly #isUsed = new Uint8Array(SLOTS)
  #usedCount = 0
  #long: Map<string, number> | null = null

  constructor() {
    for (let i = 0; i < SLOTS; i++) this.#slots.add("")
  }

  /** Writes a string that is not empty, or its number if the record has it. */
  write(text: string, out: Writer): void {
    const { length } = text
    if (length > SHORT) {
      this.#writeLong(text, out)
      return
    }
    const hash = length * 31 + text.charCodeAt(0) * 7 + text.charCodeAt(length - 1) * 17 + text.charCodeAt(length >> 1)
    const slot = hash & (SLOTS - 1)
    if (this.#slots[slot] !== text) this.#displace(slot, text, out)
    else if (this.#records[slot] === this.#record) {
      out.byte(tagStringRef)
      out.varint(this.#indices[slot] as number)
      return
    } else out.words(this.#words, slot * WORDS, length, tagAscii)
    this.#records[slot] = this.#record
    this.#indices[slot] = this.#count++
  }

  #displace(slot: number, text: string, out: Writer): void {
    // where strings of one record displace each other, none of them is likely to be there for the next
    const isCrowded = this.#records[slot] === this.#record
    // without memory this throws, and the slot keeps its own string with its own words
    const isAscii = out.string(text, tagAscii)
    this.#slots[slot] = text
    if (isAscii && text.length <= KEPT && !isCrowded) {
      out.keep(this.#words, slot * WORDS, text.length)
      return
    }
    if (this.#isUsed[slot] === 1) return
    this.#isUsed[slot] = 1
    this.#used[this.#usedCount++] = slot
  }

  #writeLong(text: string, out: Writer): void {
    this.#long ??= new Map()
    const index = this.#long.get(text)
    if (index === undefined) {
      this.#long.set(text, this.#count++)
      out.string(text, tagAscii)
      return
    }
    out.byte(tagStringRef)
    out.varint(index)
  }

  /** Begins the next record. */
  clear(): void {
    for (let i = 0; i < this.#usedCount; i++) {
      const slot = this.#used[i] as number
      this.#slots[slot] = ""
      this.#isUsed[slot] = 0
    }
    this.#usedCount = 0
    this.#long = null
    this.#count = 0
    this.#record = (this.#record + 1) | 0
    if (this.#record === 0) this.#records.fill(0)
    if (this.#record === 0) this.#record = 1
  }
}
