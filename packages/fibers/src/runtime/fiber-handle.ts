/** Owns the handle that ordinary code has of a fiber it started: a promise that can be told to end, or to become data. */
import type { FiberRecord } from "@rove/core"
import type { RecordMode } from "./recorder.ts"
import type { Delivery } from "./thread-state.ts"

interface HandleParts<R> {
  readonly id: string
  readonly name: string
  readonly promise: Promise<R>
  interrupt(reason: unknown): Promise<Delivery>
  record(mode: RecordMode): Promise<FiberRecord>
}

export class FiberHandle<out R> extends Promise<R> implements AsyncDisposable {
  readonly id!: string
  readonly name!: string
  #interrupt: HandleParts<R>["interrupt"] = async () => "unknown"
  #record: HandleParts<R>["record"] = () => Promise.reject(new Error("a handle without a fiber"))

  /** `then` and the like give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  static of<R>(parts: HandleParts<R>): FiberHandle<R> {
    const handle = new FiberHandle<R>((resolve, reject) => parts.promise.then(resolve, reject))
    handle.#interrupt = parts.interrupt
    handle.#record = parts.record
    return Object.assign(handle, { id: parts.id, name: parts.name })
  }

  /**
   * Asks the fiber to end: FiberInterrupted is thrown where it stands, its `finally` blocks run. Resolves when it has
   * ended, however it did, with "delivered" if it had the interrupt (this or an earlier one), "too late" if it ended
   * without, "unknown" if it was never started; never rejects.
   */
  async interrupt(reason?: unknown): Promise<Delivery> {
    const delivery = this.#interrupt(reason)
    await this.then(
      () => {},
      () => {},
    )
    return await delivery
  }

  /**
   * Stops the fiber at its next check and gives its record; one that sleeps or joins is stopped there, one that waits for
   * a promise when that is settled. The handle, and whoever joins the fiber, gets ROVE_RECORDED. Rejects with
   * NotPortableError (the fiber then goes on as if nothing had been asked) and with ROVE_NOT_ALIVE if it ended before.
   */
  async record(): Promise<FiberRecord<R>> {
    this.catch(() => {}) // that it ends with ROVE_RECORDED is no news to who asked for it
    return (await this.#record("stop")) as FiberRecord<R>
  }
  /** As `record`, but of a fiber that goes on. */
  async snapshot(): Promise<FiberRecord<R>> {
    return (await this.#record("copy")) as FiberRecord<R>
  }

  /** Interrupts the fiber and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt("its handle was disposed")
  }
}
