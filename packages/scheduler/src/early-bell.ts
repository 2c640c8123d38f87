/**
 * Owns whether a bell rings before the mail is written: the receiver takes longer to wake than the mail takes to be written.
 *
 * Unless it wakes on the very processor that writes: then it runs at once, finds nothing, sleeps again, and whoever writes does so
 * with cold caches, and rings once more. So a bell that was in vain is not rung early for a while, ever longer.
 */

/** So many mails have no early bell, at most, before one is tried again. */
const MOST_DOUBT = 64

export class EarlyBell {
  #isAsked = false
  #isOut = false
  #doubt = 1
  #passes = 0
  /** Whether to ring for the mail that is to be written. */
  asks(): boolean {
    this.#isAsked = true
    return this.#passes === 0
  }
  /** It was rung, and the receiver slept. */
  rang(): void {
    this.#isOut = true
  }
  /** The mail is written. `slept`: the receiver had to be woken for it. */
  sent(slept: boolean): void {
    if (!this.#isAsked) return
    this.#isAsked = false
    if (this.#passes > 0) this.#passes--
    if (!this.#isOut) return
    this.#isOut = false
    this.#doubt = slept ? Math.min(2 * this.#doubt, MOST_DOUBT) : 1
    if (slept) this.#passes = this.#doubt
  }
}
