/**
 * Owns the alarm of a thread that sleeps: for the first of its timers, one at a time. It outlasts sleeps, since setting one for each
 * would be dearer than to be woken now and then for a timer that is not there any more.
 */
import type { Clock } from "./clock.ts"
import type { EventLoop } from "./loop.ts"

export class Alarm {
  readonly #loop: Pick<EventLoop, "alarm">
  readonly #clock: Clock
  readonly #rings: () => void
  #at = Number.POSITIVE_INFINITY
  #cancel: (() => void) | null = null
  /** `rings` is called by the event loop. */
  constructor(loop: Pick<EventLoop, "alarm">, clock: Clock, rings: () => void) {
    this.#loop = loop
    this.#clock = clock
    this.#rings = rings
  }
  /** It rings at that time, or before. */
  set(at: number): void {
    if (this.#at <= at) return
    this.#cancel?.()
    this.#at = at
    this.#cancel = this.#loop.alarm(at - this.#clock.now(), () => {
      this.#forget()
      this.#rings()
    })
  }
  cancel(): void {
    this.#cancel?.()
    this.#forget()
  }
  #forget(): void {
    this.#at = Number.POSITIVE_INFINITY
    this.#cancel = null
  }
}
