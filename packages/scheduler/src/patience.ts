/**
 * Owns how long a thread that has nothing to do looks around before it sleeps: as long as has paid lately. Times are in milliseconds.
 *
 * A sleep that is over soon shows that the look before it was too short, unless that was a long one: then whoever brought the
 * work perhaps waited for this very processor, and looking around is what kept it waiting. The same holds of a long look for an answer
 * that did not come. So that is tried again ever more rarely; in its place the thread naps, which leaves the processor to others and
 * costs a tenth of a sleep where that is the one that it wakes up on.
 */

const LONGEST = 0.05
/** The same for an answer: a thread that has slept on another processor takes 40 to 70 µs to give one. */
const ANSWER = 0.1
const SHORTEST = 0.005
/** A sleep that is over by then would have been better not begun. */
const SOON = 0.1
/** So many naps and short sleeps are passed over, at most, before a long look is tried again. */
const MOST_DOUBT = 64

export class Patience {
  #usual = LONGEST
  /** The last look was a long one, and in vain. */
  #longInVain = false
  #doubt = 1
  /** Naps and short sleeps to be passed over. */
  #passes = 0
  /** Whether to nap in place of looking for an answer. */
  get naps(): boolean {
    return this.#passes > 0
  }
  /** Of the look that begins, or goes on. `isAwaited`: an answer is to come; `isAsked`: or somebody is asked for work. */
  length(isAwaited: boolean, isAsked = false): number {
    if (this.#passes > 0) return this.#usual
    return isAwaited ? ANSWER : isAsked ? LONGEST : this.#usual
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
  /** Something came during a nap, or nothing did: no sign of what a look would have seen. */
  napped(): void {
    this.#passes--
  }
  /** There was nothing, for so long. `awaited`: the answer neither. */
  lookedInVain(time: number, awaited: boolean): void {
    this.#longInVain = time >= LONGEST
    if (awaited && time >= ANSWER) this.#doubtLooks()
    this.#usual = Math.max(SHORTEST, this.#usual / 2)
  }
  /** By a bell, after so long. `early`: there is nothing to be read yet. */
  woken(slept: number, early: boolean): void {
    if (slept >= SOON && !early) return
    if (slept < SOON && this.#longInVain) this.#doubtLooks()
    else if (this.#passes > 0) this.#passes--
    else this.#usual = LONGEST
  }
  #doubtLooks(): void {
    this.#longInVain = false
    this.#doubt = Math.min(2 * this.#doubt, MOST_DOUBT)
    this.#passes = this.#doubt
  }
}
