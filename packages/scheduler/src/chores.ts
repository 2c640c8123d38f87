/** Owns timers of a thread for its own business, as opposed to those that a program waits for. */
import type { Host, Timer } from "@rove/fibers/scheduling"

export class Chores {
  readonly #host: Pick<Host, "now" | "timer">
  #armed = 0
  constructor(host: Pick<Host, "now" | "timer">) {
    this.#host = host
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
    const timer = this.#host.timer(this.#host.now() + pause, () => {
      if (end()) look()
    })
    return {
      cancel() {
        if (end()) timer.cancel()
      },
    }
  }
}
