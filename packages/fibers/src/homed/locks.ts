/** Owns locks at their home: a mutex, a lock for readers and writers, a semaphore. All of them fair. */
import { RoveError } from "@rove/core"
import { registerHomed } from "../runtime/homed-kinds.ts"
import { type Claim, type Holding, HoldingsObject } from "./holdings.ts"

export const LOCK = 0
export const READ = 1
export const WRITE = 2
export const ACQUIRE = 3
export const LOCK_VERBS: Readonly<Record<number, string>> = {
  [LOCK]: "lock",
  [READ]: "read lock of",
  [WRITE]: "write lock of",
  [ACQUIRE]: "acquire",
}

type Holdings = MutexObject["holdings"]

export class MutexObject extends HoldingsObject {
  readonly kind = "mutex"
  protected override isFree(): boolean {
    return this.held.size === 0
  }
  protected override check(_: number, claim: Claim): void {
    refuseItself(this, claim)
  }
  protected override changed(): void {}
  override pack(): Holdings {
    return this.holdings
  }
  static of(state: Holdings): MutexObject {
    const made = new MutexObject()
    made.restore(state)
    return made
  }
}

export class ReadWriteLockObject extends HoldingsObject {
  readonly kind = "read-write lock"
  #readers = 0
  #writers = 0
  protected override isFree(operation: number): boolean {
    return this.#writers === 0 && (operation === READ || this.#readers === 0)
  }
  /** A reader that wants to write would wait for itself; one that wants to read again, for a writer that waits for it. */
  protected override check(_: number, claim: Claim): void {
    refuseItself(this, claim)
  }
  protected override changed({ operation }: Holding, taken: boolean): void {
    const by = taken ? 1 : -1
    if (operation === READ) this.#readers += by
    else this.#writers += by
  }
  override pack(): Holdings {
    return this.holdings
  }
  static of(state: Holdings): ReadWriteLockObject {
    const made = new ReadWriteLockObject()
    made.restore(state)
    return made
  }
}

interface SemaphoreState extends Holdings {
  readonly permits: number
}

export class SemaphoreObject extends HoldingsObject {
  readonly kind = "semaphore"
  readonly #permits: number
  #free: number
  constructor(permits: number) {
    super()
    this.#permits = permits
    this.#free = permits
  }
  protected override isFree(_: number, { amount }: Claim): boolean {
    return amount <= this.#free
  }
  protected override check(_: number, { amount }: Claim): void {
    if (amount <= this.#permits) return
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `a semaphore of ${this.#permits} permits never has ${amount}: ask for less, or make it with more`,
    )
  }
  protected override changed({ amount }: Holding, taken: boolean): void {
    this.#free -= taken ? amount : -amount
  }
  override pack(): SemaphoreState {
    return { ...this.holdings, permits: this.#permits }
  }
  static of(state: SemaphoreState): SemaphoreObject {
    const made = new SemaphoreObject(state.permits)
    made.restore(state)
    return made
  }
}

/** Who holds it and waits for it waits for ever. */
function refuseItself({ kind, held }: HoldingsObject, { fiber: { id }, waits, holds }: Claim): void {
  if (!waits || !holds) return
  for (const { fiber } of held.values())
    if (fiber.id === id)
      throw new RoveError("ROVE_DEADLOCK", `fiber ${id} holds this ${kind} already, and would wait for itself`)
}

registerHomed("mutex", state => MutexObject.of(state as Holdings))
registerHomed("read-write lock", state => ReadWriteLockObject.of(state as Holdings))
registerHomed("semaphore", state => SemaphoreObject.of(state as SemaphoreState))
