/**
 * Owns how long a thread that has nothing to do looks around before it sleeps: as long as has paid lately. Times are in milliseconds.
 *
 * A sleep that is over soon shows that the look before it was too short, unless that was a long one: then whoever brought the
 * work perhaps waited for this very processor, and looking around is what kept it waiting. So that is tried again ever more rarely.
 */

/** Several times what a thread takes to wake: where the system keeps both threads on one processor, that is 0.1 ms. */
const LONGEST = 0.2
const SHORTEST = 0.005
/** A sleep that is over by then would have been better not begun. */
const SOON = 0.4
/** So many short sleeps are passed over, at most, before a long look is tried again. */
const MOST_DOUBT = 64

export class Patience {
  #usual = LONGEST
  /** The last look was a long one, and in vain. */
  #longInVain = false
  #doubt = 1
  /** Short sleeps to be passed over. */
  #passes = 0
  /** Of the look that begins, or goes on. `isAwaited`: an answer is to come. */
  length(isAwaited: boolean): number {
    return isAwaited && this.#passes === 0 ? LONGEST : this.#usual
  }
  /** There is work. */
  found(): void {
    this.#usual = LONGEST
    this.answered()
  }
  /** What was awaited has come. */
  answered(): void {
    this.#doubt = 1
    this.#passes = 0
  }
  /** There was nothing, for so long. */
  lookedInVain(time: number): void {
    this.#longInVain = time >= LONGEST
    this.#usual = Math.max(SHORTEST, this.#usual / 2)
  }
  /** By a bell, after so long. `early`: there is nothing to be read yet. */
  woken(slept: number, early: boolean): void {
    if (slept >= SOON && !early) return
    if (slept < SOON && this.#longInVain) {
      this.#longInVain = false
      this.#doubt = Math.min(2 * this.#doubt, MOST_DOUBT)
      this.#passes = this.#doubt
    } else if (this.#passes > 0) this.#passes--
    else this.#usual = LONGEST
  }
}
