/** Owns the source of chance: a generator with a seed (mulberry32), one per thread, passed in. */
export interface Random {
  /** An integer from 0 to below `bound`. */
  below(bound: number): number
}

export class SeededRandom implements Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed | 0
  }
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % bound
  }
}
