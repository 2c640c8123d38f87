/** Owns what is done when all objects of a record have their content: checks of what is ours, and then what runs registered functions. */
import { List, Pile } from "./list.ts"

/** Refuses what it is called with, which begins at `from`, if it is not as it must be. */
type Check<T> = (of: T, from: number) => void

export class After {
  // three lists that stay, rather than an object for each check: every fiber has some
  readonly #checks = new Pile<Check<unknown>>()
  readonly #of = new Pile<unknown>()
  readonly #from = new Pile<number>()
  #later: List<() => void> | null = null

  /** Looks at what was decoded, before anything of it is used. */
  check<T>(check: Check<T>, of: T, from: number): void {
    this.#checks.add(check as Check<unknown>)
    this.#of.add(of)
    this.#from.add(from)
  }
  /** Runs a registered function. */
  later(run: () => void): void {
    this.#later ??= new List()
    this.#later.add(run)
  }

  run(): void {
    const checks = this.#checks
    for (let i = 0; i < checks.count; i++) {
      const check = checks.items[i] as Check<unknown>
      check(this.#of.items[i], this.#from.items[i] as number)
    }
    // inner objects were announced after outer ones: they are completed first
    const later = this.#later
    if (later !== null) for (let i = later.length - 1; i >= 0; i--) (later[i] as () => void)()
  }

  /** Forgets the record. */
  clear(): void {
    this.#checks.clear()
    this.#of.clear()
    this.#from.clear()
    this.#later = null
  }
}
