/** Owns the handle that ordinary code has of a fiber it started: a promise that can be told to end, or to become data. */
import { type FiberRecord, type FrameView, invariant } from "@rove/core"
import type { FiberReport } from "./look.ts"
import type { RecordMode } from "./recorder.ts"
import type { Delivery } from "./thread-state.ts"

/** Who started the fiber, and can be asked about it. */
export interface FiberOwner {
  /** Empty if it was never started. */
  readonly id: string
  readonly name: string
  interrupt(reason: unknown): Promise<Delivery>
  record(mode: RecordMode): Promise<FiberRecord>
  look(): Promise<FiberReport>
  migrate(thread: number): Promise<void>
}

type Resolve<R> = (value: R | PromiseLike<R>) => void
type Reject = (error: unknown) => void

export class FiberHandle<out R> extends Promise<R> implements AsyncDisposable {
  #owner: FiberOwner | null = null

  /** `then` and the like give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  /** `start` starts the fiber; whoever it gives settles the promise when that has ended. */
  static of<R>(start: (resolve: Resolve<R>, reject: Reject) => FiberOwner): FiberHandle<R> {
    let owner!: FiberOwner
    const handle = new FiberHandle<R>((resolve, reject) => {
      owner = start(resolve, reject)
    })
    handle.#owner = owner
    return handle
  }

  get id(): string {
    return this.#owner?.id ?? ""
  }
  get name(): string {
    return this.#owner?.name ?? ""
  }

  /**
   * Asks the fiber to end: FiberInterrupted is thrown where it stands, its `finally` blocks run. Resolves when it has
   * ended, however it did, with "delivered" if it had the interrupt (this or an earlier one), "too late" if it ended
   * without, "unknown" if it was never started; never rejects.
   */
  async interrupt(reason?: unknown): Promise<Delivery> {
    const delivery = this.#asked().interrupt(reason)
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
    const record = (await this.#asked().record("stop")) as FiberRecord<R>
    // it is waited for: before, the id is not free to be resumed
    await this.catch(() => {})
    return record
  }
  /** As `record`, but of a fiber that goes on. */
  async snapshot(): Promise<FiberRecord<R>> {
    return (await this.#asked().record("copy")) as FiberRecord<R>
  }

  /** Where the fiber is and what it waits for, at this moment. Never rejects: a fiber that has ended is "done". */
  async status(): Promise<Omit<FiberReport, "frames">> {
    const { frames: _, ...status } = await this.#asked().look()
    return status
  }
  /**
   * The fiber's frames, youngest first, with the texts of their live locals; none if it has not begun or has ended. It need not be
   * portable, and nothing in it changes. One that runs is asked at its next check.
   */
  async stack(): Promise<readonly FrameView[]> {
    return (await this.#asked().look()).frames
  }

  /**
   * Moves the fiber to that thread of its pool as soon as it is ready there. The last wish counts: a `migrateTo` of the fiber's own that
   * has not been done throws ROVE_NOT_PORTABLE there. Rejects with ROVE_NOT_PORTABLE if it is pinned or
   * the thread cannot take it (it goes on where it is), with ROVE_NOT_ALIVE if it ends before, with ROVE_NO_THREAD if there is
   * no such thread.
   */
  migrateTo(thread: number | { readonly id: number }): Promise<void> {
    return this.#asked().migrate(typeof thread === "number" ? thread : thread.id)
  }

  /** Interrupts the fiber and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt("its handle was disposed")
  }

  /** A promise that somebody made with this class as a constructor has none. */
  #asked(): FiberOwner {
    invariant(this.#owner !== null, "FiberHandle", "a handle has a fiber")
    return this.#owner
  }
}
