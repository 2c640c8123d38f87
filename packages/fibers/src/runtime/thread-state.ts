/**
 * Owns what belongs to a thread and never moves: its thread-locals, the errors that were raised in it, the calls that
 * others asked it for, and what it does at its end. The poll word is the machine's budget: whoever puts something here
 * sets that to 0, so that the next check of whatever runs looks.
 */
import { ToString } from "./intrinsics.ts"

/**
 * What became of an error that was addressed to a thread, or an interrupt to a fiber: it has it; it had ended before; or
 * nothing is known of it.
 */
export type Delivery = "delivered" | "unknown" | "too late"
/** A call is taken, or refused because too many wait already; nobody is ever blocked. */
export type Acceptance = "accepted" | "full" | "too late"

/** Calls that wait at a thread, at most. */
export const PENDING_CALLS = 64

interface Raised {
  readonly error: unknown
  readonly tell: (delivery: Delivery) => void
}

export class ThreadState {
  /** Values of thread-locals. */
  readonly locals = new Map<object, unknown>()
  /** Runs what belongs to the thread, and to none of its fibers; where fibers have stores, outside of these. */
  outside: (run: () => void) => void = run => run()
  readonly #raised: Raised[] = []
  readonly #calls: (() => void)[] = []
  #exits: (() => void)[] | null = null
  #ended = false

  /** Something is to be looked at at the next check. */
  get urgent(): boolean {
    return this.#raised.length > 0 || this.#calls.length > 0
  }

  /** The error is thrown by what runs here at its next check; says what became of that. */
  raise(error: unknown): Promise<Delivery> {
    if (this.#ended) return Promise.resolve("too late")
    return new Promise(tell => this.#raised.push({ error, tell }))
  }
  /** Throws the oldest raised error, if there is one. */
  deliver(): void {
    const raised = this.#raised.shift()
    if (raised === undefined) return
    raised.tell("delivered")
    throw raised.error
  }

  /** The call is made at the next check, between what fibers do. */
  request(call: () => void): Acceptance {
    if (this.#ended) return "too late"
    if (this.#calls.length >= PENDING_CALLS) return "full"
    this.#calls.push(call)
    return "accepted"
  }
  /** Makes the calls that wait; an error of one is the process's business, like one of a timer, and stops none of the others. */
  makeCalls(): void {
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) this.#attempt(call)
  }

  /** Last in, first out. */
  atExit(callback: () => void): void {
    if (this.#exits === null) {
      this.#exits = []
      globalThis.process?.once("exit", () => this.end())
    }
    this.#exits.push(callback)
  }

  /** The thread is at its end: what is still to be done is done, whatever throws; nothing more is taken. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    for (const { tell } of this.#raised.splice(0)) tell("too late")
    this.#calls.length = 0
    for (let exit = this.#exits?.pop(); exit !== undefined; exit = this.#exits?.pop()) this.#attempt(exit)
    this.locals.clear()
  }

  /** Nobody waits for what it gives: its error is reported, not thrown. */
  #attempt(callback: () => void): void {
    try {
      this.outside(callback)
    } catch (error) {
      globalThis.process?.emitWarning(error instanceof Error ? error : ToString(error), { type: "RoveCallbackFailed" })
    }
  }
}
