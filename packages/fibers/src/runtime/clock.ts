/** Owns time on one thread: the real clock, and a virtual one that jumps from timer to timer. */
import type { Due, Timer } from "./host.ts"
import { fire, Timers } from "./timers.ts"

export interface Clock {
  /** Milliseconds. */
  now(): number
  /** How many timers are armed. */
  readonly armed: number
  /** What is to happen once at `at`, never from within this call. */
  timer(at: number, target: Due): Timer
  /** Called whenever timers have fired. */
  afterwards(listener: () => void): void
  /** There is nothing else to do: a virtual clock goes to its next timer. False if it cannot. */
  skip(): boolean
}

/** `setTimeout` takes 31 bits. */
const LONGEST = 0x7fffffff

const NEVER: Timer = { cancel() {} }

export class RealClock implements Clock {
  readonly #timers = new Timers(() => this.#rest())
  readonly #listeners: (() => void)[] = []
  /** Of the process, while a timer is armed: one for all of them, not later than the first is due. */
  #alarm: NodeJS.Timeout | null = null
  #alarmAt = Number.POSITIVE_INFINITY
  get armed(): number {
    return this.#timers.size
  }
  now(): number {
    return performance.timeOrigin + performance.now()
  }
  timer(at: number, target: Due): Timer {
    if (at === Number.POSITIVE_INFINITY) return NEVER
    const timer = this.#timers.add(at, target)
    if (at < this.#alarmAt) this.#arm()
    return timer
  }
  afterwards(listener: () => void): void {
    this.#listeners.push(listener)
  }
  skip(): boolean {
    return false
  }
  #arm(): void {
    this.#rest()
    const at = this.#timers.next
    if (at === Number.POSITIVE_INFINITY) return
    this.#alarmAt = at
    this.#alarm = setTimeout(this.#fire, Math.min(LONGEST, Math.max(0, Math.ceil(at - this.now()))))
  }
  #rest(): void {
    if (this.#alarm !== null) clearTimeout(this.#alarm)
    this.#alarm = null
    this.#alarmAt = Number.POSITIVE_INFINITY
  }
  /** Those that are due now; what they arm comes after the event loop had a turn. */
  readonly #fire = (): void => {
    this.#alarmAt = Number.NEGATIVE_INFINITY
    this.#timers.fireDue(this.now())
    this.#arm()
    for (const listener of this.#listeners) listener()
  }
}

/** Stands still while anything runs. Timers of one moment fire in the order in which they were armed. */
export class VirtualClock implements Clock {
  #now: number
  readonly #timers = new Timers()
  readonly #listeners: (() => void)[] = []
  constructor(start = 0) {
    this.#now = start
  }
  get armed(): number {
    return this.#timers.size
  }
  now(): number {
    return this.#now
  }
  timer(at: number, target: Due): Timer {
    return at === Number.POSITIVE_INFINITY ? NEVER : this.#timers.add(at, target)
  }
  afterwards(listener: () => void): void {
    this.#listeners.push(listener)
  }
  skip(): boolean {
    const { next } = this.#timers
    if (next === Number.POSITIVE_INFINITY) return false
    this.#now = Math.max(this.#now, next)
    const target = this.#timers.due(this.#now)
    if (target !== null) fire(target)
    for (const listener of this.#listeners) listener()
    return true
  }
}
