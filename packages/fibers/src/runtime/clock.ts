/** Owns time on one thread: the real clock, and a virtual one that jumps from timer to timer. */
import type { Timer } from "./host.ts"

export interface Clock {
  /** Milliseconds. */
  now(): number
  /** How many timers are armed. */
  readonly armed: number
  /** Calls back once at `at`, never from within this call. */
  timer(at: number, callback: () => void): Timer
  /** There is nothing else to do: a virtual clock goes to its next timer. False if it cannot. */
  skip(): boolean
}

/** `setTimeout` takes 31 bits. */
const LONGEST = 0x7fffffff

export class RealClock implements Clock {
  armed = 0
  now(): number {
    return performance.timeOrigin + performance.now()
  }
  timer(at: number, callback: () => void): Timer {
    if (at === Number.POSITIVE_INFINITY) return { cancel() {} }
    let handle: NodeJS.Timeout | null = null
    const arm = () => {
      const left = at - this.now()
      handle = setTimeout(left > LONGEST ? arm : fire, Math.min(LONGEST, Math.max(0, Math.ceil(left))))
    }
    const release = () => {
      if (handle === null) return false
      clearTimeout(handle)
      handle = null
      this.armed--
      return true
    }
    const fire = () => {
      if (release()) callback()
    }
    this.armed++
    arm()
    return { cancel: release }
  }
  skip(): boolean {
    return false
  }
}

interface Armed {
  readonly at: number
  readonly callback: () => void
}

/** Stands still while anything runs. Timers of one moment fire in the order in which they were armed. */
export class VirtualClock implements Clock {
  #now: number
  /** Sorted, the latest first. */
  readonly #timers: Armed[] = []
  constructor(start = 0) {
    this.#now = start
  }
  get armed(): number {
    return this.#timers.length
  }
  now(): number {
    return this.#now
  }
  timer(at: number, callback: () => void): Timer {
    if (at === Number.POSITIVE_INFINITY) return { cancel() {} }
    const timer: Armed = { at, callback }
    let low = 0
    for (let high = this.#timers.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((this.#timers[middle] as Armed).at > at) low = middle + 1
      else high = middle
    }
    this.#timers.splice(low, 0, timer)
    return {
      cancel: () => {
        const index = this.#timers.indexOf(timer)
        if (index >= 0) this.#timers.splice(index, 1)
      },
    }
  }
  skip(): boolean {
    const next = this.#timers.pop()
    if (next === undefined) return false
    this.#now = Math.max(this.#now, next.at)
    next.callback()
    return true
  }
}
