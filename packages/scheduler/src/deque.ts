/**
 * Owns the deque of fibers that nobody has begun: newest first for their thread, oldest first for thieves.
 *
 * Entries of the deque whose fiber is no longer unstarted are stale (it was claimed by a join, interrupted, or taken)
 * and are skipped. A type per role: the thread has `OwnerEnd`, who answers thieves has `ThiefEnd`.
 */
import type { FiberState } from "@rove/fibers/scheduling"

export interface OwnerEnd {
  push(fiber: FiberState): void
  /** The newest unstarted fiber. */
  popNewest(): FiberState | null
  /** Its join runs it: true if it was still there. The status is the caller's to change. */
  claim(fiber: FiberState): boolean
}
export interface ThiefEnd {
  /** The oldest unstarted fiber. */
  takeOldest(): FiberState | null
  /** Entries, stale ones included: an upper bound. */
  readonly length: number
}

export class Deque implements OwnerEnd, ThiefEnd {
  #items: (FiberState | undefined)[] = []
  #first = 0
  #stale = 0
  get length(): number {
    return this.#items.length - this.#first - this.#stale
  }
  push(fiber: FiberState): void {
    this.#items.push(fiber)
  }
  popNewest(): FiberState | null {
    while (this.#items.length > this.#first) {
      const fiber = this.#items.pop() as FiberState
      if (fiber.status === "unstarted") return fiber
      if (this.#stale > 0) this.#stale--
    }
    this.#reset()
    return null
  }
  takeOldest(): FiberState | null {
    while (this.#items.length > this.#first) {
      const fiber = this.#items[this.#first] as FiberState
      this.#items[this.#first++] = undefined
      if (this.#first > 64 && this.#first * 2 > this.#items.length) this.#compact()
      if (fiber.status === "unstarted") return fiber
      if (this.#stale > 0) this.#stale--
    }
    this.#reset()
    return null
  }
  claim(fiber: FiberState): boolean {
    if (fiber.status !== "unstarted") return false
    const { length } = this.#items
    if (length > this.#first && this.#items[length - 1] === fiber) this.#items.pop()
    else if (++this.#stale > 64 && this.#stale * 2 > length - this.#first) this.#sweep(fiber)
    return true
  }
  #reset(): void {
    this.#items = []
    this.#first = this.#stale = 0
  }
  #compact(): void {
    this.#items = this.#items.slice(this.#first)
    this.#first = 0
  }
  #sweep(claimed: FiberState): void {
    this.#items = this.#items.slice(this.#first).filter(f => f !== claimed && f?.status === "unstarted")
    this.#first = this.#stale = 0
  }
}
