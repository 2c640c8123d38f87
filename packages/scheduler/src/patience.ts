/**
 * Owns how long a thread that has nothing to do looks around before it sleeps: as long as has paid lately. Times are in milliseconds.
 *
 * A sleep that is over soon shows that the look before it was too short, unless that was a long one: then whoever brought the
 * work perhaps waited for this very processor, and looking around is what kept it waiting. So that is tried again ever more rarely.
 * So are looks for an answer that were in vain again and again: whoever is to give it needs a processor.
 */

const LONGEST = 0.05
const SHORTEST = 0.005
/** A sleep that is over by then would have been better not begun. */
const SOON = 0.1
/** So many short sleeps, or answers, are passed over, at most, before a long look is tried again. */
const MOST_DOUBT = 64

export class Patience {
  #usual = LONGEST
  /** The last look was a long one, and in vain. */
  #longInVain = false
  #doubt = 1
  /** Short sleeps to be passed over. */
  #passes = 0
  /** Answers that were not there after a long look, in a row, as far as they count. */
  #unanswered = 0
  /** Answers that are not looked for. */
  #unsought = 0
  /** Of the look that begins, or goes on. `isAwaited`: an answer is to come that somebody has to be awake for; `asks`: one of somebody who is. */
  length(isAwaited: boolean, asks = false): number {
    if (isAwaited && this.#unsought > 0) return 0
    return (isAwaited || asks) && this.#passes === 0 ? LONGEST : this.#usual
  }
  /** There is work. */
  found(): void {
    this.#usual = LONGEST
    this.answered()
  }
  /** What was awaited has come. */
  answered(): void {
    this.#doubt = 1
    this.#passes = this.#unanswered = this.#unsought = 0
  }
  /** There was nothing, for so long, nor an answer. */
  lookedInVain(time: number, isAwaited = false): void {
    this.#longInVain = time >= LONGEST
    this.#usual = Math.max(SHORTEST, this.#usual / 2)
    if (!isAwaited) return
    if (this.#unsought > 0) this.#unsought--
    else {
      this.#unsought = this.#unanswered
      this.#unanswered = Math.min(2 * this.#unanswered + 1, MOST_DOUBT)
    }
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
