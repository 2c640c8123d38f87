/**
 * Owns how long things run: a slice before another fiber gets its turn, and a burst of slices before the event loop
 * does.
 */

import { Budget } from "./budget.ts"
import type { Machine } from "./machine.ts"

/** Milliseconds of a slice; of a burst. */
const QUANTUM = 4
const BURST = 10
/** Milliseconds of slices so short that looking at the clock after each would take a tenth of their time; how many have one look together. */
const SHORT = 0.005
const TOGETHER = 8

export interface Pacer {
  /** The event loop had its turn. */
  turned(): void
  /** Whether the next burst has to wait for a turn of the event loop. */
  needsTurn(): boolean
  beginBurst(m: Machine): void
  beginSlice(m: Machine): void
  /** The budget is used up: refills it; true if the slice has had its time. `isWanted`: somebody waits for the thread. */
  look(m: Machine, isWanted: boolean): boolean
  /** Asked after each slice. */
  burstIsOver(): boolean
}

export class RealPacer implements Pacer {
  readonly #budget = new Budget()
  #lookedAt = 0
  #sliceEnd = 0
  #burstStart = 0
  /** Time that is left for bursts until the event loop must have a turn, at the start of this burst. */
  #left = BURST
  /** Slices from one look after a slice to the next, how many of them are still to come, and when the former was. */
  #together = 1
  #toCome = 1
  #seenAt = 0
  turned(): void {
    this.#left = BURST
    this.#burstStart = this.#lookedAt
  }
  needsTurn(): boolean {
    return this.#lookedAt - this.#burstStart >= this.#left
  }
  beginBurst(): void {
    this.#left -= this.#lookedAt - this.#burstStart
    this.#burstStart = this.#lookedAt = this.#seenAt = performance.now()
    this.#together = this.#toCome = 1
  }
  beginSlice(m: Machine): void {
    // the last look is never long ago: it was at the end of a slice just before, or at the start of the burst
    this.#sliceEnd = this.#lookedAt + QUANTUM
    m.budget = this.#budget.first()
  }
  look(m: Machine, isWanted: boolean): boolean {
    const now = performance.now()
    m.budget = this.#budget.next(now - this.#lookedAt, isWanted)
    this.#lookedAt = now
    this.#toCome = 1
    return now >= this.#sliceEnd
  }
  burstIsOver(): boolean {
    if (--this.#toCome > 0) return false
    const now = performance.now()
    this.#together = this.#toCome = now - this.#seenAt < SHORT * this.#together ? TOGETHER : 1
    this.#lookedAt = this.#seenAt = now
    return this.needsTurn()
  }
}

/** Slices of a counting burst. */
const COUNTED_BURST = 64

/** Counts instead of measuring, so that runs on a virtual clock repeat themselves. */
export class CountingPacer implements Pacer {
  readonly #budget: number
  #slices = 0
  constructor(budget = 1000) {
    this.#budget = budget
  }
  turned(): void {
    this.#slices = 0
  }
  needsTurn(): boolean {
    return this.#slices >= COUNTED_BURST
  }
  beginBurst(): void {}
  beginSlice(m: Machine): void {
    m.budget = this.#budget
  }
  look(m: Machine): boolean {
    m.budget = this.#budget
    return true
  }
  burstIsOver(): boolean {
    this.#slices++
    return this.needsTurn()
  }
}
