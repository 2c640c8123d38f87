/** Owns what is known of the threads of a pool that have ended: each of the last ones, and what the earlier ones did together. */
import { addStats, type EarlierStats, noStats, type ThreadStats } from "./stats.ts"

/** So many have their own counters. */
const KEPT = 64

export class EndedThreads {
  readonly #last: ThreadStats[] = []
  #earlier: EarlierStats = noStats()

  add(thread: ThreadStats): void {
    this.#last.push(thread)
    if (this.#last.length <= KEPT) return
    this.#earlier = addStats(this.#earlier, this.#last.shift() as ThreadStats)
  }
  /** In the order of their ends. */
  get last(): readonly ThreadStats[] {
    return this.#last
  }
  get earlier(): EarlierStats {
    return this.#earlier
  }
}
