/**
 * Owns failures that nobody hears of: a fiber failed, and nobody joined it. Who holds its handle may still do so; what is
 * reported, once, is what nobody can join any more, what nobody has joined for seconds, and what is left when there is nobody
 * who might.
 */
import { causesOf } from "./causes.ts"
import type { FiberState, Outcome } from "./fiber.ts"
import { ToString } from "./intrinsics.ts"
import { becameRecord } from "./recorder.ts"
import { outsideStores } from "./store.ts"
import { warn } from "./warning.ts"

/** Milliseconds that a failure waits to be joined; it is reported after at most twice as many. */
const PATIENCE = 5000

/** Calls back after so many milliseconds. */
type Later = (milliseconds: number, callback: () => void) => void

/** `id` of the fiber and the text of its error, with the stack. */
export type Report = (id: string, text: string) => void

export class Unheard {
  readonly #report: Report
  readonly #tokens = new WeakMap<FiberState, number>()
  /** The oldest first. */
  readonly #failures = new Map<number, { readonly id: string; readonly text: string }>()
  readonly #later: Later
  /** Failures up to this one have waited since the timer was armed; null if none is. */
  #waited: number | null = null
  /** After its end, only handles hold a fiber. */
  readonly #gone = new FinalizationRegistry<number>(token => this.#tell(token))
  #count = 0
  constructor(report: Report, later: Later) {
    this.#report = report
    this.#later = later
  }

  /** A fiber ended, and nobody waited for it. */
  ended(fiber: FiberState): void {
    if (!fiber.hasFailed || this.#tokens.has(fiber)) return
    const outcome = fiber.outcome as Outcome & { readonly kind: "failed" }
    if (becameRecord(fiber.id, outcome)) return // on another thread: who asked for the record has it
    const { error } = outcome
    const token = ++this.#count
    this.#tokens.set(fiber, token)
    const { id, name } = fiber
    this.#failures.set(token, { id, text: `${name}: ${textOf(error)}${originOf(fiber)}` })
    this.#gone.register(fiber, token, fiber)
    if (this.#waited === null) this.#arm()
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

  #arm(): void {
    this.#waited = this.#count
    this.#later(PATIENCE, this.#lose)
  }
  /** Patience is lost with those that were there when the timer was armed. */
  readonly #lose = (): void => {
    for (const token of [...this.#failures.keys()]) if (token <= (this.#waited as number)) this.#tell(token)
    this.#waited = null
    if (this.#failures.size > 0) this.#arm()
  }
  #tell(token: number): void {
    const failure = this.#failures.get(token)
    this.#failures.delete(token)
    if (failure !== undefined) outsideStores(() => this.#report(failure.id, failure.text))
  }
}

/** Where it was spawned, if that was asked for. */
function originOf({ context }: FiberState): string {
  const origin = context.extra?.origin ?? null
  return origin === null ? "" : `\n  spawned at\n${origin.map(line => `    at ${line}`).join("\n")}`
}

function textOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return ToString(error)
    return [error, ...causesOf(error)].map(stackOf).join("\n[cause]: ")
  } catch {
    return "(an error without text)"
  }
}
function stackOf(error: Error): string {
  return error.stack ?? `${error.name}: ${error.message}`
}

export function warnUnheard(id: string, text: string): void {
  warn(`fiber ${id} failed, and nobody joined it: ${text}`, "RoveUnheardFailure")
}
