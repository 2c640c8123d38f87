"use fibers"
/** What fibers of storms have in common: numbers of a seed, and what one sends another. */

/** As plain data: they go along with the fiber. */
export class Numbers {
  #state: number
  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 12345) >>> 0
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#state / 4294967296) * n)
  }
}

/** The messages of one sender are counted. */
export interface Message {
  readonly from: number
  readonly n: number
}
