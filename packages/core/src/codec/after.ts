/** Owns what is done when all objects of a record have their content: checks of what is ours, and then what runs registered functions. */
import { List } from "./list.ts"

export class After {
  #checks: List<() => void> | null = null
  #later: List<() => void> | null = null

  /** Looks at what was decoded, before anything of it is used. */
  check(run: () => void): void {
    this.#checks ??= new List()
    this.#checks.add(run)
  }
  /** Runs a registered function. */
  later(run: () => void): void {
    this.#later ??= new List()
    this.#later.add(run)
  }

  run(): void {
    const checks = this.#checks
    if (checks !== null) for (let i = 0; i < checks.length; i++) (checks[i] as () => void)()
    // inner objects were announced after outer ones: they are completed first
    const later = this.#later
    if (later !== null) for (let i = later.length - 1; i >= 0; i--) (later[i] as () => void)()
  }
}
