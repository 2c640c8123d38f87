/**
 * Owns the pulse of a thread: shared memory that says what it runs, and that it goes on. The thread alone writes, plainly; the
 * pool reads while the thread cannot speak, since ordinary code holds it. What does not change meanwhile is not torn.
 */
import type { FiberState } from "@rove/fibers/scheduling"
import { ownFunction, type Written, written } from "./own-function.ts"

/** Words: how many beats there were, whether something runs, the length of its id, and where its function is written. */
const BEAT = 0
const RUNS = 1
const ID_LENGTH = 2
const FUNCTION = 3
const WORDS = 4
/** Characters of an id, and of all functions together; those that have no place are not named. */
const ID = 64
const TEXT = 1 << 14
const NOWHERE = -1

export interface Beat {
  readonly count: number
  readonly fiber: string
  /** Name and place of the fiber's own function, or the fiber's name; null if it is not known. */
  readonly code: string | null
}

/** Both ends of it. */
class PulseWords {
  readonly words: Int32Array
  readonly id: Uint16Array
  readonly text: Uint16Array
  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer, 0, WORDS)
    this.id = new Uint16Array(buffer, 4 * WORDS, ID)
    this.text = new Uint16Array(buffer, 4 * WORDS + 2 * ID, TEXT)
  }
}

/** The pool's end. */
export class PulseReader {
  readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * WORDS + 2 * ID + 2 * TEXT)
  readonly #parts = new PulseWords(this.buffer)
  /** Null if no fiber runs. */
  read(): Beat | null {
    const { words, id, text } = this.#parts
    if (words[RUNS] === 0) return null
    const at = words[FUNCTION] as number
    const code = at === NOWHERE ? null : String.fromCharCode(...text.subarray(at + 1, at + 1 + (text[at] as number)))
    return { count: words[BEAT] as number, fiber: String.fromCharCode(...id.subarray(0, words[ID_LENGTH])), code }
  }
}

/** The thread's end. */
export class Pulse {
  readonly #words: Int32Array
  readonly #id: Uint16Array
  readonly #text: Uint16Array
  readonly #places = new Map<Written | string, number>()
  #length = 0
  #last = ""
  constructor(buffer: SharedArrayBuffer) {
    const { words, id, text } = new PulseWords(buffer)
    this.#words = words
    this.#id = id
    this.#text = text
  }
  /** A slice of that fiber begins. */
  begin(fiber: FiberState): void {
    const key = ownFunction(fiber) ?? fiber.name
    this.#words[FUNCTION] = this.#places.get(key) ?? this.#write(key)
    const { id } = fiber
    if (id !== this.#last) this.#name(id)
    this.#words[RUNS] = 1
    this.beat()
  }
  /** A check was passed. */
  beat(): void {
    ;(this.#words[BEAT] as number)++
  }
  /** Nothing runs. */
  rest(): void {
    this.#words[RUNS] = 0
  }
  #name(id: string): void {
    this.#last = id
    const length = Math.min(id.length, ID)
    for (let i = 0; i < length; i++) this.#id[i] = id.charCodeAt(i)
    this.#words[ID_LENGTH] = length
  }
  #write(key: Written | string): number {
    const text = typeof key === "string" ? key : written(key)
    const fits = this.#length + 1 + text.length <= TEXT
    const at = fits ? this.#length : NOWHERE
    if (fits) {
      this.#text[at] = text.length
      for (let i = 0; i < text.length; i++) this.#text[at + 1 + i] = text.charCodeAt(i)
      this.#length += 1 + text.length
    }
    // there are as many functions as there is text of the program, but names without end
    if (fits || typeof key !== "string") this.#places.set(key, at)
    return at
  }
}
