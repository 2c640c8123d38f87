/** Owns the handle that ordinary code has of a fiber it started: a promise that can be told to end, or to become data. */
import type { FiberRecord, FrameView } from "@rove/core"
import type { FiberReport } from "./look.ts"
import type { RecordMode } from "./recorder.ts"
import type { Delivery } from "./thread-state.ts"

interface HandleParts<R> {
  readonly id: string
  readonly name: string
  readonly promise: Promise<R>
  interrupt(reason: unknown): Promise<Delivery>
  record(mode: RecordMode): Promise<FiberRecord>
  look(): Promise<FiberReport>
  migrate(thread: number): Promise<void>
}

export class FiberHandle<out R> extends Promise<R> implements AsyncDisposable {
  readonly id!: string
  readonly name!: string
  #interrupt: HandleParts<R>["interrupt"] = async () => "unknown"
  #record: HandleParts<R>["record"] = nobody
  #look: HandleParts<R>["look"] = nobody
  #migrate: HandleParts<R>["migrate"] = nobody

  /** `then` and the like give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  static of<R>(parts: HandleParts<R>): FiberHandle<R> {
    const handle = new FiberHandle<R>((resolve, reject) => parts.promise.then(resolve, reject))
    handle.#interrupt = parts.interrupt
    handle.#record = parts.record
    handle.#look = parts.look
    handle.#migrate = parts.migrate
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

  /** Where the fiber is and what it waits for, at this moment. Never rejects: a fiber that has ended is "done". */
  async status(): Promise<Omit<FiberReport, "frames">> {
    const { frames: _, ...status } = await this.#look()
    return status
  }
  /**
   * The fiber's frames, youngest first, with the texts of their live locals; none if it has not begun or has ended. It need not be
   * portable, and nothing in it changes. One that runs is asked at its next check.
   */
  async stack(): Promise<readonly FrameView[]> {
    return (await this.#look()).frames
  }

  /**
   * Moves the fiber to that thread of its pool as soon as it is ready there. Rejects with ROVE_NOT_PORTABLE if it is pinned or
   * the thread cannot take it (it goes on where it is), with ROVE_NOT_ALIVE if it ends before, with ROVE_NO_THREAD if there is
   * no such thread.
   */
  migrateTo(thread: number | { readonly id: number }): Promise<void> {
    return this.#migrate(typeof thread === "number" ? thread : thread.id)
  }

  /** Interrupts the fiber and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt("its handle was disposed")
  }
}

function nobody(): Promise<never> {
  return Promise.reject(new Error("a handle without a fiber"))
}
