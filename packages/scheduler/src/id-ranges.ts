/**
 * Owns a set of the numbers of threads. Threads are numbered as they start, and most of those that ever were are gone: what is
 * kept are ranges, of which there are never many more than threads that live between them.
 */
export class IdRanges {
  /** Disjoint, ascending, with a gap between any two: first and last of each. */
  readonly #ranges: [first: number, last: number][] = []

  add(id: number): void {
    this.addAll(id, id)
  }
  /** All from the first to the last. */
  addAll(first: number, last: number): void {
    if (last < first) return
    const ranges = this.#ranges
    let from = 0
    while (from < ranges.length && (ranges[from]?.[1] as number) < first - 1) from++
    let to = from
    while (to < ranges.length && (ranges[to]?.[0] as number) <= last + 1) to++
    const [low, high] = [ranges[from]?.[0] ?? first, ranges[to - 1]?.[1] ?? last]
    ranges.splice(from, to - from, to === from ? [first, last] : [Math.min(low, first), Math.max(high, last)])
  }
  has(id: number): boolean {
    for (const [first, last] of this.#ranges) if (id <= last) return id >= first
    return false
  }
  /** How many ranges there are. */
  get size(): number {
    return this.#ranges.length
  }
}
