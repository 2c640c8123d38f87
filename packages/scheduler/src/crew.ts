/**
 * Owns how many threads a pool has: those that are to be there come up, or are given up; those that die are replaced.
 */
import { RoveError } from "@rove/core"
import type { Logger } from "./config.ts"
import { describe } from "./outcome.ts"
import type { Thread, Threads } from "./threads.ts"

/** Threads that die in a row before they are ready, until the pool gives up. */
const START_FAILURES = 3

export class Crew {
  readonly #pool: string
  readonly #threads: Threads
  readonly #logger: Logger | undefined
  /** No thread comes up. */
  readonly #gaveUp: (error: RoveError) => void
  readonly #starting = Promise.withResolvers<void>()
  /** Who waits for that: a thread has come up, or has not. */
  readonly #waiting = new Set<() => void>()
  #hasWarned = false
  #died = 0
  #failures = 0
  constructor(pool: string, threads: Threads, logger: Logger | undefined, gaveUp: (error: RoveError) => void) {
    this.#pool = pool
    this.#threads = threads
    this.#logger = logger
    this.#gaveUp = gaveUp
  }
  /** Threads that died. */
  get died(): number {
    return this.#died
  }
  /** Starts the first threads; rejects with ROVE_WORKER_START if they do not come up. */
  start(count: number): Promise<void> {
    const finding = this.#threads.findProcessors()
    if (finding === null) this.add(count)
    else
      finding
        .then(why => {
          this.#unplaced(why)
          this.add(count)
        })
        .catch(this.#starting.reject)
    return this.#starting.promise
  }
  add(count: number): void {
    for (let i = 0; i < count; i++) this.#threads.start()
  }
  /** Resolves when all threads that stay have come up, or it is of no interest any more. */
  async complete(wanted: () => boolean): Promise<void> {
    while (wanted() && !this.#isComplete) await new Promise<void>(resolve => this.#waiting.add(resolve))
  }
  /** `unplaced`: why it has no processor of its own, if it was to have one. */
  ready(id: number, unplaced = ""): void {
    const thread = this.#threads.known(id)
    if (thread !== undefined) thread.ready = true
    if (thread !== undefined && unplaced !== "") thread.processor = null
    this.#unplaced(unplaced)
    this.#failures = 0
    if (this.#isComplete) this.#starting.resolve()
    this.stir()
  }
  /** A thread has exited, for whatever reason. */
  stir(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
  /** A thread has died. One of the pool's own is replaced, unless too many died before they came up. */
  replace(thread: Thread, cause: Error): void {
    this.#died++
    const details = { thread: thread.id, cause: describe(cause) }
    if (thread.guest) return void this.#logger?.warn(details, "an attached thread is gone")
    this.#logger?.warn(details, "a worker died and is replaced")
    if (!thread.ready && ++this.#failures >= START_FAILURES) this.#giveUp(cause)
    else this.#threads.start()
  }
  /** Said once: what keeps one thread from it keeps all. */
  #unplaced(why: string): void {
    if (why === "" || this.#hasWarned) return
    this.#hasWarned = true
    const message = `threads of pool ${this.#pool} share the processors (cpuAffinity): ${why}`
    if (this.#logger !== undefined) this.#logger.warn({ pool: this.#pool }, message)
    else process.emitWarning(message, { type: "RoveAffinity" })
  }
  get #isComplete(): boolean {
    return this.#threads.staying.every(({ ready }) => ready)
  }
  #giveUp(cause: Error): void {
    const text = `pool ${this.#pool}: ${START_FAILURES} threads in a row died while starting: ${cause.message}`
    const error = new RoveError("ROVE_WORKER_START", text, { cause })
    this.#starting.reject(error)
    this.#gaveUp(error)
  }
}
