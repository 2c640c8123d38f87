/** Owns fibers that wait for what they asked of a homed object: at its home, and elsewhere. */
import { NEXT, type Suspended, THROW, TimeoutError } from "@rove/core"
import type { BaseOperation } from "../operations/operation.ts"
import { checkMayPark, Waiter, type Wakers } from "../operations/waiter.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { type Ask, type Asker, type Party, type ReplyKind, Sealed } from "../runtime/homes.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { withoutFrames } from "../runtime/stacks.ts"
import type { HomedObject } from "./object.ts"
import { HomedRef, type Limit } from "./ref.ts"

/** What is asked, as those who wait for it know it. */
export interface Wanted {
  readonly ref: HomedRef
  readonly operation: number
  readonly argument: unknown
  readonly patient: boolean
  readonly limit: Limit | null
  readonly reason: string
  /** What an answer is to the program. */
  result(value: unknown, fiber: FiberState): unknown
  /** The same for the answer that there is nothing, or that it would have to wait. */
  nothing(): unknown
  /** The operation for a fiber that has begun to wait. */
  again(argument: unknown, at: number | null): BaseOperation<unknown>
}

export function late({ reason, limit }: Wanted): TimeoutError {
  return withoutFrames(() => new TimeoutError(`${reason}: not within ${limit?.ms} ms`))
}
export function untilWhen({ ms, at }: Limit, host: Host): number {
  return at ?? host.now() + ms
}

abstract class WantedWaiter extends Waiter {
  readonly wanted: Wanted
  constructor(wanted: Wanted, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.wanted = wanted
    checkMayPark(host, this)
  }
  get argument(): unknown {
    return this.wanted.argument
  }
  get operation(): number {
    return this.wanted.operation
  }
  get patient(): boolean {
    return this.wanted.patient
  }
  get reason(): string {
    return this.wanted.reason
  }
  get wakers(): Wakers {
    return HomedRef.isOutside(this.wanted.ref) ? "outside" : "fibers"
  }
  /** Nothing has come of the wait: the fiber goes on with its interrupt, or that it is late, or waits anew elsewhere. */
  protected leave(isLate: boolean): void {
    try {
      deliverInterrupt(this.fiber)
    } catch (interrupted) {
      return void this.wake(THROW, interrupted)
    }
    if (isLate) this.wake(THROW, late(this.wanted))
    else this.repeat()
  }
}

/** A fiber that waits at an object of its own thread. One object for each wait: there may be a million. */
export class HomedWaiter extends WantedWaiter implements Party {
  /** Few are ever held: whether they want to be out of the wait. */
  static readonly #held = new WeakMap<HomedWaiter, boolean>()
  /** Itself while it is in no queue. */
  older: Party | null = this
  newer: Party | null = null
  get choice(): null {
    return null
  }
  waitAt<R>(object: HomedObject): R | Suspended {
    object.enqueue(this)
    return this.park<R>()
  }
  settle(kind: ReplyKind, value: unknown): void {
    if (kind === THROW) this.wake(THROW, value)
    else if (kind !== NEXT) this.wake(NEXT, this.wanted.nothing())
    else if (Sealed.is(value)) this.host.homes.open(value, (how, opened) => this.settle(how, opened))
    else this.wake(NEXT, this.wanted.result(value, this.fiber))
  }
  override cancel(): void {
    HomedRef.at(this.wanted.ref, this.host)?.withdraw(this)
  }
  /** Who is in no queue has been settled, and what it got is being opened. */
  override withdraw(): boolean {
    if (this.held) HomedWaiter.#held.set(this, true)
    if (this.held || this.queue === null) return false
    this.cancel()
    return true
  }
  get queue(): object | null {
    return this.older === this ? null : this.wanted
  }
  set queue(queue: object | null) {
    this.older = queue === null ? this : null
  }
  get held(): boolean {
    return HomedWaiter.#held.has(this)
  }
  set held(held: boolean) {
    if (held) HomedWaiter.#held.set(this, false)
    else HomedWaiter.#held.delete(this)
  }
  freed(): void {
    const leaves = HomedWaiter.#held.get(this) === true
    this.held = false
    if (!leaves) return
    this.cancel()
    this.leave(this.isLate)
  }
  protected get isLate(): boolean {
    return false
  }
  override again(): BaseOperation<unknown> {
    return this.wanted.again(this.argument, null)
  }
}

/** One that brings something that is not in its operation as it is: a copy. */
export class BringingWaiter extends HomedWaiter {
  readonly #argument: unknown
  constructor(wanted: Wanted, argument: unknown, fiber: FiberState, host: Host) {
    super(wanted, fiber, host)
    this.#argument = argument
  }
  override get argument(): unknown {
    return this.#argument
  }
}

export class TimedWaiter extends BringingWaiter {
  #at = 0
  #timer: Timer | null = null
  #late = false
  override waitAt<R>(object: HomedObject): R | Suspended {
    this.#at = untilWhen(this.wanted.limit as Limit, this.host)
    this.#timer = this.host.timer(this.#at, this)
    return super.waitAt<R>(object)
  }
  due(): void {
    this.#late = true
    if (this.withdraw()) this.wake(THROW, late(this.wanted))
  }
  override settle(kind: ReplyKind, value: unknown): void {
    this.#timer?.cancel()
    super.settle(kind, value)
  }
  override cancel(): void {
    this.#timer?.cancel()
    super.cancel()
  }
  protected override get isLate(): boolean {
    return this.#late
  }
  override again(): BaseOperation<unknown> {
    return this.wanted.again(this.argument, this.#at)
  }
}

/** A fiber that waits for the answer of an object elsewhere. Its home has the last word whether the wait was withdrawn in time. */
export class RemoteWaiter extends WantedWaiter implements Asker {
  readonly #argument: unknown
  #ask: Ask | null = null
  #timer: Timer | null = null
  #at: number | null = null
  #late = false
  constructor(wanted: Wanted, argument: unknown, fiber: FiberState, host: Host) {
    super(wanted, fiber, host)
    this.#argument = argument
  }
  override get argument(): unknown {
    return this.#argument
  }
  get choice(): null {
    return null
  }
  wait(): unknown {
    const { ref, limit } = this.wanted
    deliverInterrupt(this.fiber)
    this.#ask = this.host.homes.ask(HomedRef.share(ref), this.operation, this.argument, this)
    if (limit !== null) {
      this.#at = untilWhen(limit, this.host)
      this.#timer = this.host.timer(this.#at, this)
    }
    return this.park()
  }
  due(): void {
    this.#late = true
    this.withdraw()
  }
  told(kind: ReplyKind, value: unknown): void {
    this.#timer?.cancel()
    if (kind === THROW) this.wake(THROW, value)
    else this.wake(NEXT, kind === NEXT ? this.wanted.result(value, this.fiber) : this.wanted.nothing())
  }
  withdrawn(): void {
    this.#timer?.cancel()
    this.leave(this.#late)
  }
  override withdraw(): boolean {
    this.#ask?.withdraw()
    return false
  }
  hold(): void {}
  release(): void {}
  override again(): BaseOperation<unknown> {
    return this.wanted.again(this.argument, this.#at)
  }
}
