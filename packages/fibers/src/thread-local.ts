/**
 * Owns thread-locals: values that belong to a thread. A fiber that reads one and then moves would go on with another
 * thread's value, so a fiber that may move cannot use them, unless the variable allows it.
 */
import { optionNames, refuseUnknown, registerKind, ThreadAffinityError, ThreadIdentity } from "@rove/core"
import { refuseGenerator } from "./runtime/not-compiled.ts"
import { refuseNameless } from "./runtime/options.ts"
import { machine } from "./runtime/thread.ts"

export interface ThreadLocalOptions<T> {
  /** Makes the value of a thread, when it is first asked for there. */
  readonly initial: () => T
  /** Called with the value when the thread ends; no generator function. */
  readonly cleanup?: (value: T) => void
  /** What happens where a fiber that is not pinned uses it: "error" (the default), "warn", or "allow". */
  readonly inFibers?: "error" | "warn" | "allow"
}

const OPTIONS = optionNames<ThreadLocalOptions<unknown>>({ initial: true, cleanup: true, inFibers: true })

export class ThreadLocal<T> {
  readonly name: string
  readonly #options: ThreadLocalOptions<T>
  #warned = false
  constructor(name: string, options: ThreadLocalOptions<T>) {
    refuseNameless(name, "ThreadLocal")
    refuseUnknown(options, OPTIONS, "ThreadLocal")
    refuseGenerator(options.cleanup, "ThreadLocal, as cleanup,")
    this.name = name
    this.#options = options
  }

  /** This thread's value. Throws ThreadAffinityError in a fiber that may move; `pin` says how to use it there. */
  get(): T {
    this.#check()
    const { locals } = machine.own
    if (!locals.has(this)) this.#begin(this.#options.initial())
    return locals.get(this) as T
  }

  /** Gives this thread another value; the one before is not cleaned up. Throws as `get` does. */
  set(value: T): void {
    this.#check()
    if (machine.own.locals.has(this)) machine.own.locals.set(this, value)
    else this.#begin(value)
  }

  #begin(value: T): void {
    const { own } = machine
    own.locals.set(this, value)
    const { cleanup } = this.#options
    if (cleanup !== undefined) own.atExit(() => cleanup(own.locals.get(this) as T))
  }

  #check(): void {
    const { fiber } = machine
    if (fiber === null || fiber.tied !== null || this.#options.inFibers === "allow") return
    const error = new ThreadAffinityError(
      `the thread-local "${this.name}" is used in fiber ${fiber.id} (${fiber.name}), which may go on on another thread, with another value: pin the fiber while it uses it (using _ = pin("${this.name}")), spawn it with { pinned: "${this.name}" }, or declare the variable with inFibers: "allow"`,
    )
    if (this.#options.inFibers !== "warn") throw error
    if (!this.#warned) process.emitWarning(error.message, { type: "RoveThreadAffinity" })
    this.#warned = true
  }
}

registerKind<ThreadIdentity, object>({
  name: "rove.thread",
  test: value => value instanceof ThreadIdentity,
  refuse: ({ name }) =>
    `the identity of thread ${name} stays with that thread: ask currentThread() again where it is needed`,
  take: () => ({}),
  allocate: () => {
    throw new Error("identities of threads are in no record")
  },
})
