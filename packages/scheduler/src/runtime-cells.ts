/** Owns the words of shared memory by which threads come and go: whether a runtime takes anybody in, and who has which seat. */
import { SharedWords } from "./cells.ts"

/** States of a runtime. */
const OPEN = 0
const CLOSING = 1
const NAMES = 64
const NAME_BYTES = 60

/**
 * Words that everybody who has a view of a runtime sees: whether it takes anybody in, and who holds its end up. They are there for
 * as long as somebody has them, also when the runtime is gone.
 */
export class RuntimeCells {
  readonly buffer: SharedArrayBuffer
  readonly #words: SharedWords
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer((2 + NAMES) * 4 + NAMES * NAME_BYTES)) {
    this.buffer = buffer
    this.#words = new SharedWords(buffer)
  }
  get isOpen(): boolean {
    return this.#words.load(0) === OPEN
  }
  /** From here on nobody comes in. Pairs with `enter`: one of the two sees the other. */
  close(): void {
    this.#words.store(0, CLOSING)
  }
  /** Holds the end up; gives the place of the name (-1: without one), or null if the runtime is closing. */
  enter(name: string): number | null {
    this.#words.add(1, 1)
    if (!this.isOpen) {
      this.leave(-1)
      return null
    }
    for (let place = 0; place < NAMES; place++) {
      if (!this.#words.swap(2 + place, 0, 1)) continue
      const { written } = new TextEncoder().encodeInto(name, this.#name(place))
      this.#name(place).fill(0, written)
      return place
    }
    return -1
  }
  /** Pairs with `whenLeft`. */
  leave(place: number): void {
    if (place >= 0) this.#words.store(2 + place, 0)
    if (this.#words.add(1, -1) === 1 && !this.isOpen) this.#words.notify(1)
  }
  /** Resolves when nobody holds the end up any more, or after so many milliseconds. */
  async whenLeft(ms: number): Promise<void> {
    const until = performance.now() + ms
    for (;;) {
      const count = this.#words.load(1)
      const left = until - performance.now()
      if (count === 0 || left <= 0) return
      await this.#words.whenChanged(1, count, left)
    }
  }
  get holders(): number {
    return this.#words.load(1)
  }
  /** Of those who hold the end up, as far as there was place for them. */
  names(): string[] {
    const places = Array.from({ length: NAMES }, (_, place) => place)
    return places
      .filter(place => this.#words.load(2 + place) === 1)
      .map(place => new TextDecoder().decode(this.#name(place).slice()).replace(/\0+$/, ""))
  }
  #name(place: number): Uint8Array {
    return new Uint8Array(this.buffer, (2 + NAMES) * 4 + place * NAME_BYTES, NAME_BYTES)
  }
}

/** The word of a seat: which thread it belongs to, and whether that one sits there. */
export class SeatCells {
  readonly buffer: SharedArrayBuffer
  readonly #words: SharedWords
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer
    this.#words = new SharedWords(buffer)
  }
  /** Makes it that thread's, for good; gives whose it is. Threads are numbered from 1 here. */
  claim(thread: number): number {
    return this.#words.swap(0, 0, thread) ? thread : this.#words.load(0) // once claimed it stays so
  }
  get owner(): number {
    return this.#words.load(0)
  }
  /** One state → another; false if it is in another one. */
  change(from: SeatState, to: SeatState): boolean {
    return this.#words.swap(1, SEAT_STATES.indexOf(from), SEAT_STATES.indexOf(to))
  }
  get state(): SeatState {
    return SEAT_STATES[this.#words.load(1)] as SeatState
  }
}
export type SeatState = "inactive" | "active" | "deleted"
const SEAT_STATES: readonly SeatState[] = ["inactive", "active", "deleted"]
