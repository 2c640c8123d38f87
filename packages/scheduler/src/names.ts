/**
 * Owns the names of modules that go along with payloads by a ring: nearly always the same few. A list of them goes as text once, and
 * from then on as its number: entries of a ring are read in the order in which they were written, so both ends number alike.
 */

/** Lists with a number, at most; others go as text each time. */
const MOST = 1000
const NO_NAMES: readonly string[] = []

/** The writer's end. */
export class SentNames {
  readonly #numbers = new Map<string, number>()
  /** What stands for these names: text, or a number. */
  brief(names: readonly string[]): string | number {
    if (names.length === 0) return ""
    const text = names.length === 1 ? (names[0] as string) : names.join("\n")
    return this.#numbers.get(text) ?? text
  }
  /** That has been written. */
  went(brief: string | number): void {
    if (typeof brief === "string" && brief !== "" && this.#numbers.size < MOST)
      this.#numbers.set(brief, this.#numbers.size)
  }
}

/** The reader's end. */
export class KnownNames {
  readonly #lists: (readonly string[])[] = []
  /** The names for which that stands. */
  listOf(brief: string | number): readonly string[] {
    if (typeof brief === "number") return this.#lists[brief] as readonly string[]
    if (brief === "") return NO_NAMES
    const names = brief.split("\n")
    if (this.#lists.length < MOST) this.#lists.push(names)
    return names
  }
}
