/**
 * Owns noticing fibers that have had their interrupt and go on. It is thrown once; who asks again and again is to hear why
 * nothing comes of it.
 */
import type { FiberState } from "./fiber.ts"
import type { Report } from "./unheard.ts"
import { warn } from "./warning.ts"

/** So often one is asked to end after it had its interrupt, until it is told of. */
const ATTEMPTS = 3

export class Ignored {
  readonly #report: Report
  readonly #attempts = new WeakMap<FiberState, number>()
  constructor(report: Report) {
    this.#report = report
  }
  /** It has had its interrupt, and was asked to end once more. Told of once. */
  asked(fiber: FiberState): void {
    const attempts = (this.#attempts.get(fiber) ?? 0) + 1
    this.#attempts.set(fiber, attempts)
    if (attempts !== ATTEMPTS) return
    const { id, name, park } = fiber
    const where = park === null ? "" : `; it is in: ${park.reason}`
    const why = "it catches FiberInterrupted and does not throw it on, or its cleanup takes long"
    this.#report(id, `${name} goes on after ${ATTEMPTS + 1} interrupts: ${why}${where}`)
  }
}

export function warnIgnored(id: string, text: string): void {
  warn(`fiber ${id}: ${text}`, "RoveInterruptIgnored")
}
