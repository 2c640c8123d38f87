/** Owns how long things run: slices before another fiber gets its turn, and bursts of them before the event loop does. */
import { Budget, type Machine } from "@rove/fibers/scheduling"
import type { Clock } from "./clock.ts"

/** Quanta. A program that splits its work has a dozen fibers on the stack, which a turn of the event loop takes apart: some 40 µs. */
const BURST = 5

export class Pace {
  readonly #clock: Clock
  readonly #machine: Machine
  readonly #quantum: number
  readonly #burst: number
  readonly #budget = new Budget()
  readonly #since: () => number
  readonly #origin: number
  /** Milliseconds between the last two looks. */
  held = 0
  #lookedAt = 0
  #sliceEnd = 0
  #burstEnd = 0
  #burstStart = 0
  /** `quantum`: of a slice while others are ready, in ms; the event loop gets its turn after BURST of them. */
  constructor(clock: Clock, machine: Machine, quantum: number) {
    this.#clock = clock
    this.#machine = machine
    this.#quantum = quantum
    this.#since = clock.since ?? (() => clock.now())
    this.#origin = clock.origin ?? 0
    this.#burst = BURST * quantum
  }
  /** The event loop had its turn; the next one is due after a burst, or several of them. */
  beginTurn(): number {
    const now = this.beginBurst()
    this.#burstEnd = now + this.#burst
    return now
  }
  /** Gives the time, which is read once: a fiber that has just come waits for all that is done here. */
  beginBurst(): number {
    this.#lookedAt = this.#since()
    this.held = 0
    this.#burstStart = this.#lookedAt + this.#origin
    return this.#burstStart
  }
  /** Gives its length so far, in ms. */
  endBurst(): number {
    return this.#clock.now() - this.#burstStart
  }
  beginSlice(): void {
    this.#sliceEnd = this.#lookedAt + this.#origin + this.#quantum
    this.#machine.budget = this.#budget.first()
  }
  /** The budget is used up, and the clock was looked at. `isWanted`: somebody waits for the thread to stop what it does. */
  refill(isWanted: boolean): void {
    this.#machine.budget = this.#budget.next(this.held, isWanted)
  }
  /** A look at the clock, which gives the time. */
  tick(): number {
    const since = this.#since()
    this.held = since - this.#lookedAt
    this.#lookedAt = since
    return since + this.#origin
  }
  get burstStart(): number {
    return this.#burstStart
  }
  sliceIsOver(now: number): boolean {
    return now >= this.#sliceEnd
  }
  burstIsOver(now: number): boolean {
    return now >= this.#burstEnd
  }
}
