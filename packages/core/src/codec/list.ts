/**
 * Owns growing lists under a program that put setters or read-only properties with indices for names on
 * Array.prototype or Object.prototype: `push` and assignments would run them.
 */

/** A list of the codec's own: it inherits nothing. */
export interface List<T> {
  [index: number]: T
  length: number
  /** Adds an item at the end. */
  add(item: T): void
}

class Bare<T> extends Array<T> {
  add(item: T): void {
    this[this.length] = item
  }
}
Object.setPrototypeOf(Bare.prototype, null)

export const List = Bare as new <T>() => List<T>

/** A pile that was higher than this is not kept. */
const KEPT = 4096

/** A list that is filled and cleared again and again: its memory stays, since shortening an array gives it back. */
export class Pile<T> {
  items = new List<T | null>()
  count = 0

  add(item: T): void {
    this.items[this.count++] = item
  }

  /** Forgets the items. */
  clear(): void {
    const { items, count } = this
    if (count > KEPT) this.items = new List()
    else for (let i = 0; i < count; i++) items[i] = null
    this.count = 0
  }
}

/** The items as an array for others. */
export function arrayOf<T>(list: List<T>): T[] {
  return list.length === 0 ? [] : Array.from(list)
}

/** Adds an element to an ordinary array by defining it. */
export function append(array: unknown[], element: unknown): void {
  const index = array.length
  if (index in array) {
    Object.defineProperty(array, index, { value: element, writable: true, enumerable: true, configurable: true })
  } else array[index] = element
}

/**
 * An array with room for so many elements that are no numbers, if they are few; an empty one for all others, since the
 * engine has arrays of numbers that take less room. One that grows takes room for seventeen at once.
 */
export function emptyList(count: number): unknown[] {
  switch (count) {
    case 1:
      return [null]
    case 2:
      return [null, null]
    case 3:
      return [null, null, null]
    case 4:
      return [null, null, null, null]
    case 5:
      return [null, null, null, null, null]
    case 6:
      return [null, null, null, null, null, null]
    default:
      return []
  }
}
