/**
 * Owns how long things run: slices and bursts, and the budget, which is adapted so that a look at the clock comes about
 * every fifth of a millisecond whatever a unit of work costs.
 */
import type { Machine } from "@rove/fibers/scheduling"
import type { Clock } from "./clock.ts"

const LOOK = 0.2
const MIN_BUDGET = 64
const MAX_BUDGET = 1 << 24

export class Pace {
  readonly #clock: Clock
  readonly #machine: Machine
  readonly #quantum: number
  readonly #burst: number
  #budget = 1000
  #lookedAt = 0
  #sliceEnd = 0
  #burstEnd = 0
  #burstStart = 0
  /** `quantum`: of a slice while others are ready, in ms; the event loop gets its turn after two of them. */
  constructor(clock: Clock, machine: Machine, quantum: number) {
    this.#clock = clock
    this.#machine = machine
    this.#quantum = quantum
    this.#burst = 2 * quantum
  }
  beginBurst(): void {
    this.#burstStart = this.#lookedAt = this.#clock.now()
    this.#burstEnd = this.#burstStart + this.#burst
  }
  /** Gives its length so far, in ms. */
  endBurst(): number {
    return this.#clock.now() - this.#burstStart
  }
  beginSlice(): void {
    this.#sliceEnd = this.#lookedAt + this.#quantum
    this.#machine.budget = this.#budget
  }
  /** The budget is used up: refills it. */
  look(): number {
    const now = this.#clock.now()
    const spent = now - this.#lookedAt
    if (spent < LOOK / 2) this.#budget = Math.min(MAX_BUDGET, this.#budget * 2)
    else if (spent > LOOK * 2)
      this.#budget = Math.max(MIN_BUDGET, Math.ceil(this.#budget * Math.max(0.1, LOOK / spent)))
    this.#machine.budget = this.#budget
    this.#lookedAt = now
    return now
  }
  /** Between slices. */
  tick(): number {
    this.#lookedAt = this.#clock.now()
    return this.#lookedAt
  }
  sliceIsOver(now: number): boolean {
    return now >= this.#sliceEnd
  }
  burstIsOver(now: number): boolean {
    return now >= this.#burstEnd
  }
}
