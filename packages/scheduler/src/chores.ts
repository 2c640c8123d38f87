/** Owns timers of a thread for its own business, as opposed to those that a program waits for. */
import type { Due, Timer } from "@rove/fibers/scheduling"

export class Chores {
  readonly #now: () => number
  readonly #timer: (at: number, target: Due) => Timer
  #armed = 0
  constructor(now: () => number, timer: (at: number, target: Due) => Timer) {
    this.#now = now
    this.#timer = timer
  }
  /** How many have not come. */
  get armed(): number {
    return this.#armed
  }
  /** Calls back after so many milliseconds. */
  readonly later = (pause: number, look: () => void): Timer => {
    this.#armed++
    let isOver = false
    const end = (): boolean => {
      if (isOver) return false
      isOver = true
      this.#armed--
      return true
    }
    const timer = this.#timer(this.#now() + pause, () => {
      if (end()) look()
    })
    return {
      cancel() {
        if (end()) timer.cancel()
      },
    }
  }
}
