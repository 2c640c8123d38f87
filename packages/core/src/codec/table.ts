/** Owns finding things that came before: a list while they are few, which beats hashing, a map from then on. */
import { Pile } from "./list.ts"

const FEW = 40
const PLACES = Int32Array.from({ length: FEW }, (_, place) => place)

/** Things with numbers, which whoever adds them gives. */
export class Table<T> {
  readonly #items = new Pile<T>()
  /** Of the few; null as long as each has its place for a number, as in a table that is the only one. */
  #numbers: Int32Array | null = null
  #map: Map<T, number> | null = null

  /** The number of an item, or -1. */
  find(item: T): number {
    if (this.#map !== null) return this.#map.get(item) ?? -1
    const { items, count } = this.#items
    for (let i = count - 1; i >= 0; i--) if (items[i] === item) return this.#numberAt(i)
    return -1
  }

  /** Adds an item that is not in it. */
  add(item: T, number: number): void {
    if (this.#map !== null) {
      this.#map.set(item, number)
      return
    }
    const { count } = this.#items
    if (this.#numbers !== null) this.#numbers[count] = number
    else if (number !== count) {
      this.#numbers = new Int32Array(PLACES)
      this.#numbers[count] = number
    }
    this.#items.add(item)
    if (count + 1 === FEW) this.#hash()
  }

  #numberAt(place: number): number {
    return this.#numbers === null ? place : (this.#numbers[place] as number)
  }

  #hash(): void {
    this.#map = new Map()
    for (let i = 0; i < FEW; i++) this.#map.set(this.#items.items[i] as T, this.#numberAt(i))
  }

  clear(): void {
    this.#items.clear()
    this.#map = null
  }
}
