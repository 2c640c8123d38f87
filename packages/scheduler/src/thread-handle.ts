/** Owns the handle that ordinary code has of a thread of its pool. */
import { advise } from "@rove/core"
import type { Acceptance, Delivery } from "@rove/fibers/scheduling"
import type { ThreadQuestions } from "./thread-mail.ts"
import type { Thread } from "./threads.ts"

export class ThreadHandle {
  readonly id: number
  readonly name: string
  /** The processor that it has for itself, with `cpuAffinity`; null if it shares them all. */
  readonly processor: number | null
  readonly #raise: (error: unknown) => Promise<Delivery>
  readonly #call: (fn: (...args: never[]) => unknown, args: readonly unknown[]) => Promise<Acceptance>
  constructor(
    id: number,
    name: string,
    processor: number | null,
    raise: (error: unknown) => Promise<Delivery>,
    call: (fn: (...args: never[]) => unknown, args: readonly unknown[]) => Promise<Acceptance>,
  ) {
    this.id = id
    this.name = name
    this.processor = processor
    this.#raise = raise
    this.#call = call
  }

  /**
   * Throws a copy of the error in whatever fiber runs on this thread at its next check. Resolves with "delivered" when that
   * has happened, "too late" if the thread ended before. An error for a fiber, wherever it is, is its `interrupt`.
   */
  raise(error: unknown): Promise<Delivery> {
    return this.#raise(error)
  }

  /**
   * Asks the thread to call a portable function, between what its fibers do. Resolves with "accepted" when it will,
   * "full" if too many calls wait there already (nobody is blocked), "too late" if the thread has ended.
   */
  call<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Promise<Acceptance> {
    return this.#call(fn as (...args: never[]) => unknown, args)
  }
}

advise(ThreadHandle, "it is a handle for ordinary code: hand over its id, which migrateTo and the option prefer take")

/** Handles of the threads that live now. */
export function handlesOf(living: () => readonly Thread[], questions: ThreadQuestions): ThreadHandle[] {
  const late = (): Promise<"too late"> => Promise.resolve("too late")
  const isHere = (id: number): boolean => living().some(thread => thread.id === id)
  return living().map(
    ({ id, name, processor }) =>
      new ThreadHandle(
        id,
        name,
        processor,
        error => (isHere(id) ? questions.raise(id, error) : late()),
        (fn, args) => (isHere(id) ? questions.call(id, fn, args) : late()),
      ),
  )
}
