/**
 * Owns a double-ended queue in a growing ring: both ends in constant time, no garbage while it does not grow. Its places are
 * there before anything is put into them, so that it meets nothing that a program gave the prototype of arrays.
 */
import { append } from "./intrinsics.ts"

export class Queue<T> {
  #items: (T | undefined)[] = places(16)
  #head = 0
  #length = 0
  get length(): number {
    return this.#length
  }
  get isEmpty(): boolean {
    return this.#length === 0
  }
  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow()
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item
    this.#length++
  }
  /** Takes the oldest. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    this.#length--
    return item
  }
  /** Takes the newest. */
  pop(): T | undefined {
    if (this.#length === 0) return undefined
    const at = (this.#head + --this.#length) & (this.#items.length - 1)
    const item = this.#items[at]
    this.#items[at] = undefined
    return item
  }
  oldest(): T | undefined {
    return this.#items[this.#head]
  }
  newest(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[(this.#head + this.#length - 1) & (this.#items.length - 1)]
  }
  /** The length stays a power of two, so that positions wrap by a mask. */
  #grow(): void {
    const old = this.#items
    const items: (T | undefined)[] = places(old.length * 2)
    for (let i = 0; i < old.length; i++) items[i] = old[(this.#head + i) & (old.length - 1)]
    this.#items = items
    this.#head = 0
  }
}

function places(count: number): undefined[] {
  const list: undefined[] = []
  for (let i = 0; i < count; i++) append(list, undefined)
  return list
}
