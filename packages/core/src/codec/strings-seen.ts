/**
 * Owns finding a string that the record already has.
 *
 * Short ones have a slot by length and outer characters, from which a later one displaces them: a string may then be
 * written twice, which costs a few bytes where a map would cost 50 ns for each string.
 */
import { List } from "./list.ts"

const SHORT = 40
const SLOTS = 128

export class StringsSeen {
  /** Number of strings that were written. */
  count = 0
  readonly #slots = new List<string>()
  readonly #indices = new Int32Array(SLOTS)
  /** Slots that are in use, to be emptied after the record. */
  readonly #used = new Uint8Array(SLOTS)
  #usedCount = 0
  #long: Map<string, number> | null = null

  constructor() {
    for (let i = 0; i < SLOTS; i++) this.#slots.add("")
  }

  /** The index of a string that was written; -1 if it is new, and is then taken as written. Never asked for "". */
  find(text: string): number {
    if (text.length > SHORT) return this.#findLong(text)
    const { length } = text
    const hash = length * 31 + text.charCodeAt(0) * 7 + text.charCodeAt(length - 1) * 17 + text.charCodeAt(length >> 1)
    const slot = hash & (SLOTS - 1)
    const present = this.#slots[slot] as string
    if (present === text) return this.#indices[slot] as number
    if (present === "") this.#used[this.#usedCount++] = slot
    this.#slots[slot] = text
    this.#indices[slot] = this.count++
    return -1
  }

  #findLong(text: string): number {
    this.#long ??= new Map()
    const index = this.#long.get(text)
    if (index !== undefined) return index
    this.#long.set(text, this.count++)
    return -1
  }

  clear(): void {
    for (let i = 0; i < this.#usedCount; i++) this.#slots[this.#used[i] as number] = ""
    this.#usedCount = 0
    this.#long = null
    this.count = 0
  }
}
