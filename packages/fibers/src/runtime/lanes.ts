/**
 * Owns the choice between priorities: a lane of fibers for each. The highest that has something goes first, but one that was
 * passed over often enough goes before it, so that none waits for ever. Programs that use one priority have one lane.
 */
import { NORMAL } from "@rove/core"

export interface Lane {
  readonly isEmpty: boolean
}

/** By number of the priority: so often in a row others go before it while it has something; then it has a turn. */
const PATIENCE = [32, 8, Number.POSITIVE_INFINITY]
const HIGHEST = PATIENCE.length - 1

export class Lanes<L extends Lane> {
  readonly #make: () => L
  /** The lane of those that have no other priority. */
  readonly #normal: L
  #all: L[] | null = null
  readonly #passed = [0, 0, 0]
  constructor(make: () => L) {
    this.#make = make
    this.#normal = make()
  }
  /** The lane of that priority. */
  of(priority: number): L {
    if (priority === NORMAL) return this.#normal
    this.#all ??= [this.#make(), this.#normal, this.#make()]
    return this.#all[priority] as L
  }
  get isEmpty(): boolean {
    return this.#all === null ? this.#normal.isEmpty : this.#all.every(lane => lane.isEmpty)
  }
  /** How many there are, as each lane counts them. */
  count(lengthOf: (lane: L) => number): number {
    return this.#all === null ? lengthOf(this.#normal) : this.#all.reduce((sum, lane) => sum + lengthOf(lane), 0)
  }

  /** Takes from the lane whose turn it is; null if `take` finds nothing in any of them. */
  next<T>(take: (lane: L) => T | null): T | null {
    return this.#all === null ? take(this.#normal) : this.#turn(this.#all, take)
  }
  /** Takes from the highest lane that has something: for others, whose turns are not counted here. */
  highest<T>(take: (lane: L) => T | null): T | null {
    if (this.#all === null) return take(this.#normal)
    for (let at = HIGHEST; at >= 0; at--) {
      const taken = take(this.#all[at] as L)
      if (taken !== null) return taken
    }
    return null
  }
  #turn<T>(all: readonly L[], take: (lane: L) => T | null): T | null {
    for (let at = 0; at < HIGHEST; at++) {
      if (this.#passed[at] !== PATIENCE[at]) continue
      this.#passed[at] = 0
      const taken = take(all[at] as L)
      if (taken !== null) return taken
    }
    for (let at = HIGHEST; at >= 0; at--) {
      const taken = take(all[at] as L)
      if (taken === null) continue
      this.#passed[at] = 0
      for (let below = at - 1; below >= 0; below--) if (!(all[below] as L).isEmpty) (this.#passed[below] as number)++
      return taken
    }
    return null
  }
}
