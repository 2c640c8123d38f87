/** Owns finding things that came before: a list while they are few, which beats hashing, a map from then on. */
import { Pile } from "./list.ts"

const FEW = 40

export class Table<T> {
  readonly #items = new Pile<T>()
  #map: Map<T, number> | null = null

  /** The index of an item, or -1. */
  find(item: T): number {
    if (this.#map !== null) return this.#map.get(item) ?? -1
    const { items, count } = this.#items
    for (let i = count - 1; i >= 0; i--) if (items[i] === item) return i
    return -1
  }

  /** Adds an item that is not in it. */
  add(item: T): void {
    if (this.#map !== null) {
      this.#map.set(item, this.#map.size)
      return
    }
    this.#items.add(item)
    if (this.#items.count === FEW) {
      this.#map = new Map()
      for (let i = 0; i < FEW; i++) this.#map.set(this.#items.items[i] as T, i)
    }
  }

  clear(): void {
    this.#items.clear()
    this.#map = null
  }
}
