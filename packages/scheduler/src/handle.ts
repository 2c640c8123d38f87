/** Owns the handle that ordinary code has of a fiber it started: a promise that can be told to end. */

export interface HandleParts<R> {
  readonly id: string
  readonly name: string
  readonly promise: Promise<R>
  interrupt(reason: unknown): void
}

export class FiberHandle<out R> extends Promise<R> implements AsyncDisposable {
  readonly id!: string
  readonly name!: string
  #interrupt: (reason: unknown) => void = () => {}

  /** `then` and the like give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  static of<R>(parts: HandleParts<R>): FiberHandle<R> {
    const handle = new FiberHandle<R>((resolve, reject) => parts.promise.then(resolve, reject))
    handle.#interrupt = parts.interrupt
    return Object.assign(handle, { id: parts.id, name: parts.name })
  }

  /**
   * Asks the fiber to end: FiberInterrupted is thrown where it stands, its `finally` blocks run. Resolves when it has
   * ended, however it did; never rejects. Asking again, or asking an ended fiber, changes nothing.
   */
  async interrupt(reason?: unknown): Promise<void> {
    this.#interrupt(reason)
    await this.then(
      () => {},
      () => {},
    )
  }
  /** Interrupts the fiber and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt("its handle was disposed")
  }
}
