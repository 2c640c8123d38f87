/**
 * Owns the timers of a thread: a heap by time, then by age. It reads no clock and arms nothing itself. There may be a million, so
 * one is a single object, and cancelling costs no search.
 */
import type { Due, Timer } from "./host.ts"

class Armed implements Timer {
  readonly at: number
  readonly order: number
  /** Null once it is over. */
  target: Due | null
  readonly #timers: Timers
  constructor(at: number, order: number, target: Due, timers: Timers) {
    this.at = at
    this.order = order
    this.target = target
    this.#timers = timers
  }
  cancel(): void {
    if (this.target === null) return
    this.target = null
    this.#timers.cancelled()
  }
}

export class Timers {
  #heap: Armed[] = []
  #order = 0
  #cancelled = 0
  readonly #emptied: () => void
  /** `emptied`: the last one has been cancelled. */
  constructor(emptied: () => void = () => {}) {
    this.#emptied = emptied
  }
  /** When the earliest is due; infinity if there is none. */
  get next(): number {
    this.#trim()
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }
  get size(): number {
    return this.#heap.length - this.#cancelled
  }
  add(at: number, target: Due): Timer {
    const timer = new Armed(at, this.#order++, target, this)
    this.#heap.push(timer)
    this.#up(this.#heap.length - 1)
    return timer
  }
  /** Takes what is due at `now`, earliest first. */
  due(now: number): Due | null {
    this.#trim()
    const first = this.#heap[0]
    if (first === undefined || first.at > now) return null
    this.#pop()
    const { target } = first
    first.target = null
    return target
  }
  /** Fires all that are due at `now`, and what these arm for then. */
  fireDue(now: number): void {
    for (let target = this.due(now); target !== null; target = this.due(now)) fire(target)
  }
  /** One of them has been. */
  cancelled(): void {
    this.#cancelled++
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#sweep()
    if (this.size === 0) this.#emptied()
  }
  #trim(): void {
    while (this.#heap[0]?.target === null) {
      this.#pop()
      this.#cancelled--
    }
  }
  #sweep(): void {
    this.#heap = this.#heap.filter(entry => entry.target !== null).sort((a, b) => (before(a, b) ? -1 : 1))
    this.#cancelled = 0
  }
  #pop(): void {
    const last = this.#heap.pop() as Armed
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#down()
  }
  #up(from: number): void {
    const heap = this.#heap
    const entry = heap[from] as Armed
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(entry, heap[parent] as Armed)) break
      heap[at] = heap[parent] as Armed
      at = parent
    }
    heap[at] = entry
  }
  #down(): void {
    const heap = this.#heap
    const entry = heap[0] as Armed
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Armed, heap[child] as Armed)) child++
      if (!before(heap[child] as Armed, entry)) break
      heap[at] = heap[child] as Armed
      at = child
    }
    heap[at] = entry
  }
}

function before(a: Armed, b: Armed): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** The time has come. */
export function fire(target: Due): void {
  if (typeof target === "function") target()
  else target.due()
}
