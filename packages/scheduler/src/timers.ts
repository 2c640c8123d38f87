/** Owns the timers of one thread: a heap by time, then by age. It reads no clock and arms nothing itself. */

interface Entry {
  readonly at: number
  readonly order: number
  callback: (() => void) | null
}

export class Timers {
  #heap: Entry[] = []
  #order = 0
  #cancelled = 0
  /** When the earliest is due; infinity if there is none. */
  get next(): number {
    this.#trim()
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }
  get size(): number {
    return this.#heap.length - this.#cancelled
  }
  add(at: number, callback: () => void): { cancel(): void } {
    const entry: Entry = { at, order: this.#order++, callback }
    this.#heap.push(entry)
    this.#up(this.#heap.length - 1)
    return {
      cancel: () => {
        if (entry.callback === null) return
        entry.callback = null
        if (++this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#sweep()
      },
    }
  }
  /** Takes the callback of one timer that is due at `now`, earliest first. */
  due(now: number): (() => void) | null {
    this.#trim()
    const first = this.#heap[0]
    if (first === undefined || first.at > now) return null
    this.#pop()
    const { callback } = first
    first.callback = null
    return callback
  }
  #trim(): void {
    while (this.#heap[0]?.callback === null) {
      this.#pop()
      this.#cancelled--
    }
  }
  #sweep(): void {
    this.#heap = this.#heap.filter(entry => entry.callback !== null).sort((a, b) => (before(a, b) ? -1 : 1))
    this.#cancelled = 0
  }
  #pop(): void {
    const last = this.#heap.pop() as Entry
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#down()
  }
  #up(from: number): void {
    const heap = this.#heap
    const entry = heap[from] as Entry
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(entry, heap[parent] as Entry)) break
      heap[at] = heap[parent] as Entry
      at = parent
    }
    heap[at] = entry
  }
  #down(): void {
    const heap = this.#heap
    const entry = heap[0] as Entry
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!before(heap[child] as Entry, entry)) break
      heap[at] = heap[child] as Entry
      at = child
    }
    heap[at] = entry
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
