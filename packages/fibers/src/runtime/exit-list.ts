/** Owns what is done at the end of a runtime: last in, first out, each once, all of it although one throws. */
import { refuseGenerator } from "./not-compiled.ts"

export class ExitList {
  readonly #callbacks: (() => unknown)[] = []
  add(callback: () => unknown): void {
    refuseGenerator(callback, "atExit", "an ordinary function")
    this.#callbacks.push(callback)
  }
  /** Also does what is added meanwhile. Throws what was thrown, in an AggregateError if it is more than one. */
  async run(): Promise<void> {
    const errors: unknown[] = []
    for (let callback = this.#callbacks.pop(); callback !== undefined; callback = this.#callbacks.pop())
      try {
        await callback()
      } catch (error) {
        errors.push(error)
      }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} callbacks of atExit failed`)
  }
}
