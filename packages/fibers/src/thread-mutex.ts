/**
 * Owns locks that belong to a thread: for what is its alone, a native handle or a table that ordinary code of the thread changes too.
 * Since fibers of a thread take turns, holding one means not to stop: whoever would is told.
 */
import { RoveError, registerKind } from "@rove/core"
import { dropExit, type Ending, runAtEnd } from "./runtime/exits.ts"
import type { FiberState } from "./runtime/fiber.ts"
import { without } from "./runtime/restrictions.ts"
import { machine } from "./runtime/thread.ts"

export class ThreadMutex {
  readonly name: string
  /** Who holds it, in words. */
  #holder: string | null = null
  /** `name`: for messages. */
  constructor(name: string) {
    if (typeof name !== "string" || name === "")
      throw new RoveError("ROVE_INVALID_ARGUMENT", "a ThreadMutex takes a name, for messages")
    this.name = name
  }
  static is(value: object): value is ThreadMutex {
    return #holder in value
  }
  get locked(): boolean {
    return this.#holder !== null
  }
  /**
   * Locks it until the result is disposed of: `using _ = mutex.lock()`. Until then a fiber is not preempted, and what would
   * stop it throws ROVE_THREAD_LOCK and changes nothing. Throws ROVE_THREAD_LOCK if it is locked.
   */
  lock(): Disposable {
    if (this.#holder !== null)
      throw new RoveError(
        "ROVE_THREAD_LOCK",
        `${this.name} is locked by ${this.#holder}, which cannot go on while its thread waits`,
      )
    const { fiber } = machine
    this.#holder = fiber === null ? "ordinary code of this thread" : `fiber ${fiber.id} (${fiber.name})`
    const unlock = (): void => {
      this.#holder = null
    }
    return fiber === null ? new Unlock(unlock) : new Hold(fiber, this.name, unlock)
  }
}

class Unlock implements Disposable {
  #unlock: (() => void) | null
  constructor(unlock: () => void) {
    this.#unlock = unlock
  }
  [Symbol.dispose](): void {
    this.#unlock?.()
    this.#unlock = null
  }
}

/** In a fiber, which cannot stop meanwhile; one that ends has unlocked. */
class Hold extends Unlock implements Ending {
  constructor(fiber: FiberState, name: string, unlock: () => void) {
    super(() => {
      unlock()
      dropExit(fiber, this)
      fiber.restricted = without(fiber.restricted, this)
    })
    fiber.restricted = { kind: "threadLock", outer: fiber.restricted, name, hold: this }
    runAtEnd(fiber, this, undefined)
  }
  ended(): void {
    this[Symbol.dispose]()
  }
}

registerKind<ThreadMutex, object>({
  name: "rove.threadMutex",
  test: ThreadMutex.is,
  refuse: ({ name }) => `${name} is a lock of its thread: use mutex(), which goes with the fiber`,
  take: () => ({}),
  allocate: () => {
    throw new Error("locks of threads are in no record")
  },
})
