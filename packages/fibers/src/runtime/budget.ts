/**
 * Owns the budget: how many units (function entries and turns of loops) until the next look at the clock. A unit can be a
 * nanosecond or half a second, and nobody knows which before it was run.
 */

/**
 * Milliseconds between looks at the clock. So few because units may become dearer: what is left of a budget is then spent
 * before anybody notices. A look takes about 40 ns.
 */
const AIM = 0.002
/**
 * The same after STEADY budgets in a row that took what was aimed at: what was a loop's price for so long is likely to stay it. With the
 * loop left and entered again, a look costs some 75 ns: 4 % of the shorter time, 1 % of this one.
 */
const STEADY_AIM = 0.006
const STEADY = 16
/** The same while others wait for their turn: units that become 10,000 times dearer are noticed within 5 ms. */
const SHORT_AIM = 0.0004
/**
 * So few at the start of a slice, when it is not known what a unit costs: even units of a millisecond end in time. Of dear ones, even so few
 * keep a thread waiting that asks for work: a child that was stolen is a slice, and begins with the largest part of its own.
 */
const FIRST = 6
/**
 * So many at most: a look costs as much as a hundred cheap ones. Units may become dear from one loop to the next, and then the
 * rest of the budget is spent before anybody notices.
 */
const MOST = 1 << 13
const GROWTH = 8
/** A budget that took so much of the time that was aimed at stays: a loop that is looked at half as often is 2 % faster. */
const NEAR = 0.75
/** And one that took more than so much of it was not what it was thought to be. */
const FAR = 1.5

export class Budget {
  #units = FIRST
  /** Budgets in a row that took what was aimed at, or less. */
  #steady = 0
  /** For the start of a slice: no more than the last one ended with, if those were dear. */
  first(): number {
    if (this.#units > FIRST) this.#units = FIRST
    return this.#units
  }
  /** For what follows a look, when the last budget took that many milliseconds. `isWanted`: somebody waits for the thread. */
  next(spent: number, isWanted: boolean): number {
    const before = this.#steady < STEADY ? AIM : STEADY_AIM
    if (isWanted || spent > before * FAR) this.#steady = 0
    else if (this.#steady < STEADY) this.#steady++
    const aim = isWanted ? SHORT_AIM : this.#steady < STEADY ? AIM : STEADY_AIM
    if (spent * GROWTH < aim) this.#units *= GROWTH
    else if (spent < aim * NEAR || spent * NEAR > aim) this.#units = (this.#units * aim) / spent
    this.#units = this.#units > MOST ? MOST : this.#units < 1 ? 1 : this.#units | 0
    return this.#units
  }
}
