/** Owns locks as fibers use them: what one holds is its own wherever it goes, and free again when it ends, however that is. */
import {
  either,
  type Fits,
  isNatural,
  isText,
  isTruth,
  plain,
  RoveError,
  registerKind,
  registerReference,
} from "@rove/core"
import { type Claim, RELEASE } from "../homed/holdings.ts"
import {
  ACQUIRE,
  LOCK,
  LOCK_VERBS,
  MutexObject,
  READ,
  ReadWriteLockObject,
  SemaphoreObject,
  WRITE,
} from "../homed/locks.ts"
import { HomedRef, isHomed, type Limit, limitOf, registerHomedRef, type WaitingOptions } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import { dropExit, type Ending, runAtEnd } from "../runtime/exits.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { registerEndings } from "../runtime/held.ts"
import type { FiberAddress } from "../runtime/host.ts"
import { INSTEAD } from "../runtime/instead.ts"
import { show } from "../runtime/options.ts"
import { machine } from "../runtime/thread.ts"
import { runErrand } from "./errands.ts"
import type { Operation } from "./operation.ts"

/** What a fiber has locked, or acquired: given back by `using`, by `release`, or at the fiber's end. */
export interface Guard extends Disposable {
  /** Whether the fiber that reads this holds it. A copy that another fiber or ordinary code has says false, and so does it in another runtime. */
  readonly held: boolean
  /** Gives it back; nothing happens the second time. Throws ROVE_LOCK in another fiber than its owner. */
  release(): void
}

class HeldGuard implements Guard, Ending {
  readonly #ref: HomedRef
  readonly #number: number
  readonly #owner: string
  #held: boolean
  constructor({ ref, number, owner, held }: GuardParts) {
    this.#ref = ref
    this.#number = number
    this.#owner = owner
    this.#held = held
  }
  static is(value: object): value is HeldGuard {
    return #ref in value
  }
  static take(guard: HeldGuard): GuardParts {
    return { ref: guard.#ref, number: guard.#number, owner: guard.#owner, held: guard.#held }
  }
  /** Whether the fiber has one of that object. */
  static isOf(ref: HomedRef, { context: { extra } }: FiberState): boolean {
    const exits = extra?.exits ?? []
    return exits.some(({ what }) => HeldGuard.is(what) && what.#held && HomedRef.same(what.#ref, ref))
  }
  get held(): boolean {
    const { fiber, host } = machine
    return this.#held && fiber?.id === this.#owner && host !== null && HomedRef.isOfRuntime(this.#ref, host)
  }
  release(): void {
    if (!this.#held) return
    const { fiber } = machine
    if (fiber?.id !== this.#owner)
      throw new RoveError(
        "ROVE_LOCK",
        `fiber ${this.#owner} holds this ${HomedRef.label(this.#ref)}, and it alone can give it back`,
      )
    dropExit(fiber, this)
    this.#giveBack(fiber)
  }
  [Symbol.dispose](): void {
    this.release()
  }
  ended(fiber: FiberState): void {
    if (this.#held) this.#giveBack(fiber)
  }
  /** Nobody hears of the fiber's end before it is free. One that was resumed in another runtime holds nothing there. */
  #giveBack(fiber: FiberState): void {
    this.#held = false
    const { host } = machine
    if (host !== null) runErrand({ ref: this.#ref, operation: RELEASE, argument: this.#number }, fiber, host)
  }
}

interface GuardParts {
  readonly ref: HomedRef
  readonly number: number
  readonly owner: string
  readonly held: boolean
}

registerKind<HeldGuard, GuardParts>({
  name: "rove.guard",
  test: HeldGuard.is,
  take: HeldGuard.take,
  fields: { ref: isHomed, number: isNatural, owner: isText, held: isTruth },
  allocate: parts => new HeldGuard(parts as GuardParts),
})

registerEndings(HeldGuard.is)
// what a `using` declaration holds on to while a fiber stands in its block
registerReference("rove.guard[Symbol.dispose]", HeldGuard.prototype[Symbol.dispose])

/** Asks for a lock; the fiber has it, and is to give it back, from the moment at which it is woken. */
class Take extends Request<Guard> {
  override given(fiber: FiberState): Claim {
    const { id, name, home } = fiber
    const amount = typeof this.argument === "number" ? this.argument : (this.argument as Claim).amount
    return { fiber: { id, name, home }, amount, waits: this.patient, holds: HeldGuard.isOf(this.ref, fiber) }
  }
  override get own(): boolean {
    return true
  }
  override result(number: unknown, fiber: FiberState): Guard {
    const guard = new HeldGuard({ ref: this.ref, number: number as number, owner: fiber.id, held: true })
    runAtEnd(fiber, guard, undefined)
    return guard
  }
}
class TryTake extends Take {
  override get patient(): boolean {
    return false
  }
}

/** A whole number above 0. */
export const isAmount: Fits = amount => isNatural(amount) && amount !== 0
const isClaim = either(
  isAmount,
  plain<Claim>({
    fiber: plain<FiberAddress>({ id: isText, name: isText, home: isNatural }),
    amount: isAmount,
    waits: isTruth,
    holds: isTruth,
  }),
)

abstract class LockRef extends HomedRef {
  /** With what it is locked. */
  protected abstract get operations(): readonly number[]
  override takes(operation: number, argument: unknown): boolean {
    return this.operations.includes(operation) && isClaim(argument)
  }
  protected take(
    operation: number,
    amount: number,
    options: WaitingOptions | undefined,
    where: string,
  ): Operation<Guard> {
    return new Take(this, operation, amount, limitOf(options, where))
  }
  protected tryTake(operation: number, amount: number): Operation<Guard | undefined> {
    return new TryTake(this, operation, amount)
  }
  override verb(operation: number): string {
    return LOCK_VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null, patient: boolean): Request<unknown> {
    const Kind = patient ? Take : TryTake
    return new Kind(this, operation, argument, limit)
  }
}

/** One fiber at a time. Whoever waits longest is next. */
export interface Mutex {
  /** Waits for it. Throws ROVE_DEADLOCK if the fiber has it already, ROVE_TIMEOUT, and WorkerLost if its thread is gone. */
  lock(options?: WaitingOptions): Operation<Guard>
  /** Undefined if it would have to wait. */
  tryLock(): Operation<Guard | undefined>
}
class MutexRef extends LockRef implements Mutex {
  protected override get operations(): readonly number[] {
    return [LOCK]
  }
  override get [INSTEAD](): string {
    return "it is a mutex, and using guard = yield* mutex.lock() locks it"
  }
  lock(options?: WaitingOptions): Operation<Guard> {
    return this.take(LOCK, 1, options, "lock")
  }
  tryLock(): Operation<Guard | undefined> {
    return this.tryTake(LOCK, 1)
  }
}

/** Many readers at a time, or one writer; in the order in which they came, so that neither waits for ever. */
export interface ReadWriteLock {
  /** As `Mutex.lock`, beside other readers. */
  read(options?: WaitingOptions): Operation<Guard>
  /** As `Mutex.lock`, alone. */
  write(options?: WaitingOptions): Operation<Guard>
  tryRead(): Operation<Guard | undefined>
  tryWrite(): Operation<Guard | undefined>
}
class ReadWriteLockRef extends LockRef implements ReadWriteLock {
  protected override get operations(): readonly number[] {
    return [READ, WRITE]
  }
  override get [INSTEAD](): string {
    return "it is a read-write lock: yield* lock.read(), or lock.write()"
  }
  read(options?: WaitingOptions): Operation<Guard> {
    return this.take(READ, 1, options, "read")
  }
  write(options?: WaitingOptions): Operation<Guard> {
    return this.take(WRITE, 1, options, "write")
  }
  tryRead(): Operation<Guard | undefined> {
    return this.tryTake(READ, 1)
  }
  tryWrite(): Operation<Guard | undefined> {
    return this.tryTake(WRITE, 1)
  }
}

/** So many permits; whoever waits for several is not overtaken by who wants fewer. */
export interface Semaphore {
  /** Waits for that many permits (1 by default). Throws ROVE_INVALID_ARGUMENT for more than there are; else as `Mutex.lock`. */
  acquire(permits?: number, options?: WaitingOptions): Operation<Guard>
  tryAcquire(permits?: number): Operation<Guard | undefined>
}
class SemaphoreRef extends LockRef implements Semaphore {
  protected override get operations(): readonly number[] {
    return [ACQUIRE]
  }
  override get [INSTEAD](): string {
    return "it is a semaphore, and using guard = yield* semaphore.acquire() takes a permit"
  }
  acquire(permits = 1, options?: WaitingOptions): Operation<Guard> {
    return this.take(ACQUIRE, atLeastOne(permits, "acquire"), options, "acquire")
  }
  tryAcquire(permits = 1): Operation<Guard | undefined> {
    return this.tryTake(ACQUIRE, atLeastOne(permits, "tryAcquire"))
  }
}

registerHomedRef("rove.mutex", "mutex", MutexRef)
registerHomedRef("rove.readWriteLock", "read-write lock", ReadWriteLockRef)
registerHomedRef("rove.semaphore", "semaphore", SemaphoreRef)

/** Makes a mutex. As a channel, it lives on the thread of the fiber that first uses it, and can be handed to any other. */
export function mutex(): Mutex {
  return new MutexRef(new MutexObject(), null)
}
/** Makes a lock for many readers or one writer. */
export function readWriteLock(): ReadWriteLock {
  return new ReadWriteLockRef(new ReadWriteLockObject(), null)
}
/** Makes a semaphore with that many permits. */
export function semaphore(permits: number): Semaphore {
  return new SemaphoreRef(new SemaphoreObject(atLeastOne(permits, "semaphore")), null)
}

/** Throws ROVE_INVALID_ARGUMENT for what is no whole number above 0. */
export function atLeastOne(count: number, where: string): number {
  if (isAmount(count)) return count
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a whole number above 0, not ${show(count)}`)
}
