/**
 * Owns the end of a thread's fibers: which ones have stopped here, and, once the pool closes, that each of them ends, with
 * its `finally` blocks, before the thread does. The pool's side of it is shutdown.ts.
 */
import { type FiberState, type Host, interruptFiber } from "@rove/fibers/scheduling"
import type { Queues } from "./queues.ts"

const REASON = "the pool is closing"

export class Ending {
  readonly #host: Host
  readonly #queues: Queues
  /** Fibers that parked here, and have neither ended nor left. Those in the queues are found there. */
  readonly #stopped = new Set<FiberState>()
  /** What comes or begins to wait is interrupted too. */
  #interrupting = false
  #tell: ((empty: boolean) => void) | null = null
  #told = false
  constructor(host: Host, queues: Queues) {
    this.#host = host
    this.#queues = queues
  }

  /** Whether the pool is closing: nothing is given to other threads any more. */
  get begun(): boolean {
    return this.#tell !== null
  }
  /** For looking at them while they change. */
  get stopped(): Iterable<FiberState> {
    return this.#stopped
  }
  parked(fiber: FiberState): void {
    this.#stopped.add(fiber)
  }
  /** It has ended, or is another thread's. */
  gone(fiber: FiberState): void {
    this.#stopped.delete(fiber)
  }
  /** A fiber has come from another thread, which is about to hear that: then that one may be the last to say it is empty. */
  comes(): void {
    if (this.begun) this.#say(false)
  }
  came(fiber: FiberState): void {
    if (this.#interrupting) interruptFiber(fiber, REASON, this.#host)
  }

  /** The pool closes: `tell` hears when nothing is left, and if something comes after all. */
  begin(interrupt: boolean, tell: (empty: boolean) => void): void {
    this.#tell = tell
    if (!interrupt || this.#interrupting) return
    this.#interrupting = true
    const queued: FiberState[] = []
    for (let fiber = this.#queues.next(); fiber !== null; fiber = this.#queues.next()) queued.push(fiber)
    for (const fiber of queued) {
      interruptFiber(fiber, REASON, this.#host)
      this.#queues.push(fiber)
    }
    for (const fiber of [...this.#stopped]) if (fiber.status === "parked") interruptFiber(fiber, REASON, this.#host)
  }

  /** There is nothing to run; `departing` fibers are on their way to others and may come back. */
  idle(departing: number): void {
    if (this.begun && this.#stopped.size === 0 && this.#queues.isEmpty && departing === 0) this.#say(true)
  }
  #say(empty: boolean): void {
    if (this.#told === empty) return
    this.#told = empty
    this.#tell?.(empty)
  }
}
