/**
 * Owns failures that nobody hears of: a fiber failed, and nobody joined it. Who holds its handle may still do so; what is
 * reported, once, is what nobody can join any more, and what is left when there is nobody who might.
 */
import type { FiberState } from "./fiber.ts"
import { ToString } from "./intrinsics.ts"

/** `id` of the fiber and the text of its error, with the stack. */
export type Report = (id: string, text: string) => void

export class Unheard {
  readonly #report: Report
  readonly #tokens = new WeakMap<FiberState, number>()
  readonly #failures = new Map<number, { readonly id: string; readonly text: string }>()
  /** After its end, only handles hold a fiber. */
  readonly #gone = new FinalizationRegistry<number>(token => this.#tell(token))
  #count = 0
  constructor(report: Report) {
    this.#report = report
  }

  /** A fiber ended, and nobody waited for it. */
  ended(fiber: FiberState): void {
    const { outcome } = fiber
    if (outcome?.kind !== "failed" || this.#tokens.has(fiber)) return
    const token = ++this.#count
    this.#tokens.set(fiber, token)
    const { id, name } = fiber
    this.#failures.set(token, { id, text: `${name}: ${textOf(outcome.error)}` })
    this.#gone.register(fiber, token, fiber)
  }
  /** Somebody asked how it ended. */
  heard(fiber: FiberState): void {
    const token = this.#tokens.get(fiber)
    if (token === undefined) return
    this.#failures.delete(token)
    this.#gone.unregister(fiber)
  }
  /** Nobody is left who might join anything. */
  flush(): void {
    for (const token of [...this.#failures.keys()]) this.#tell(token)
  }

  #tell(token: number): void {
    const failure = this.#failures.get(token)
    this.#failures.delete(token)
    if (failure !== undefined) this.#report(failure.id, failure.text)
  }
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : ToString(error)
  } catch {
    return "(an error without text)"
  }
}
