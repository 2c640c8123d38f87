/**
 * Owns the stream of choices from which a program is made. Fewer and smaller numbers make a smaller program: that is how
 * fast-check shrinks one. Past the end of the stream every choice is the first, which is always the simplest.
 */
export class Choices {
  readonly #numbers: readonly number[]
  #at = 0
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }
  /** Whether everything was used up: what is still to come should be as small as possible. */
  get over(): boolean {
    return this.#at >= this.#numbers.length
  }
  /** A number below `n`. */
  below(n: number): number {
    const number = this.#numbers[this.#at++] ?? 0
    return number % n
  }
  /** True in `percent` of the cases. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
  /** One of the rows, each as often as its weight says. */
  weighted<T>(rows: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.below(rows.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, value] of rows) {
      left -= weight
      if (left < 0) return value
    }
    return (rows[0] as readonly [number, T])[1]
  }
  /** Calls `make` between `min` and `max` times. */
  list<T>(min: number, max: number, make: (index: number) => T): T[] {
    const count = min + this.below(max - min + 1)
    return Array.from({ length: count }, (_, i) => make(i))
  }
}
