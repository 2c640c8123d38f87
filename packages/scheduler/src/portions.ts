/**
 * Owns how many fibers a thief is given at once: so many that it does not come back at once. The oldest child of a tree is half of all the
 * work that is left, and to give the next ones along would leave the victim with nothing; of many small ones it takes a batch to
 * be worth the way.
 */

/** Fibers in one portion, at most. */
const MOST = 32
/** Milliseconds. To ask and be answered takes some ten microseconds: of a thief that comes back later, next to nothing. */
const SOON = 0.4

interface Portion {
  readonly at: number
  readonly size: number
}

export class Portions {
  /** The last one, by the thief's slot. */
  readonly #last: Portion[] = []
  /** How many that thief may have now: twice as many as last time if it is back soon, else half as many. */
  next(slot: number, now: number): number {
    const last = this.#last[slot]
    if (last === undefined) return 1
    return now - last.at < SOON ? Math.min(2 * last.size, MOST) : Math.max(1, last.size >> 1)
  }
  given(slot: number, now: number, size: number): void {
    this.#last[slot] = { at: now, size }
  }
}
