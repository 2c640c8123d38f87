/** Owns asking a homed object for something: directly at its home, by mail from elsewhere. */
import { NEXT, RoveError, registerKind, type Suspended, THROW } from "@rove/core"
import { BaseOperation } from "../operations/operation.ts"
import { checkMayPark, Waiter, type Wakers } from "../operations/waiter.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { handOver } from "../runtime/hand-over.ts"
import { type Ask, type Asker, NOTHING, type Party, type ReplyKind, Sealed } from "../runtime/homes.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { type HomedObject, NONE, WAITS } from "./object.ts"
import { HomedRef, type Limit } from "./ref.ts"

export class Request<R> extends BaseOperation<R> {
  readonly #ref: HomedRef
  readonly operation: number
  readonly argument: unknown
  readonly limit: Limit | null
  constructor(ref: HomedRef, operation: number, argument: unknown, limit: Limit | null = null) {
    super()
    this.#ref = ref
    this.operation = operation
    this.argument = argument
    this.limit = limit
  }
  /** Asks nothing of the object itself, which may be a proxy. */
  static isRequest(value: object): value is Request<unknown> {
    return #ref in value
  }
  get ref(): HomedRef {
    return this.#ref
  }
  /** What the object's answer is to the program. */
  result(value: unknown, _fiber: FiberState): R {
    return value as R
  }
  /** The same for the answer that there is nothing. */
  nothing(): R {
    return undefined as R
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const object = HomedRef.at(this.ref, host) as HomedObject | null
    const argument = handOver(this.argument)
    if (object === null) return new RemoteWaiter(this, argument, fiber, host).wait() as R | Suspended
    // what comes from elsewhere may have to be waited for although it is there
    if (object.announced && (host.machine.masked > 0 || fiber.restricted !== null)) checkMayPark(host, this)
    const now = object.attempt(this.operation, argument)
    if (now === WAITS || Sealed.is(now)) return this.#wait(object, argument, now, fiber, host)
    return now === NONE ? this.nothing() : this.result(now, fiber)
  }
  #wait(object: HomedObject, argument: unknown, now: unknown, fiber: FiberState, host: Host): R | Suspended {
    if (now !== WAITS) {
      const waiter = new HomedWaiter(this, argument, fiber, host)
      waiter.settle(NEXT, now)
      return waiter.park<R>()
    }
    deliverInterrupt(fiber)
    if (this.limit !== null) return new TimedWaiter(this, argument, fiber, host).waitAt<R>(object)
    return new HomedWaiter(this, argument, fiber, host).waitAt<R>(object)
  }
  get reason(): string {
    return `${this.ref.verb(this.operation)} ${HomedRef.label(this.ref)}`
  }
  /** The same, for a fiber that has begun to wait. */
  again(argument: unknown, at: number | null): BaseOperation<unknown> {
    const { ref, operation, limit } = this
    return ref.request(operation, argument, limit && { ms: limit.ms, at })
  }
  late(): RoveError {
    return new RoveError("ROVE_TIMEOUT", `${this.reason}: not within ${this.limit?.ms} ms`)
  }
}

/** A fiber that waits at an object of its own thread. One object for each wait: there may be a million. */
class HomedWaiter extends Waiter implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  readonly request: Request<unknown>
  readonly argument: unknown
  constructor(request: Request<unknown>, argument: unknown, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.request = request
    this.argument = argument
    checkMayPark(host, this)
  }
  get operation(): number {
    return this.request.operation
  }
  get reason(): string {
    return this.request.reason
  }
  get wakers(): Wakers {
    return "fibers"
  }
  waitAt<R>(object: HomedObject): R | Suspended {
    object.enqueue(this)
    return this.park<R>()
  }
  settle(kind: ReplyKind, value: unknown): void {
    if (kind === THROW) this.wake(THROW, value)
    else if (kind === NOTHING) this.wake(NEXT, this.request.nothing())
    else if (Sealed.is(value)) this.host.homes.open(value, (how, opened) => this.settle(how, opened))
    else this.wake(NEXT, this.request.result(value, this.fiber))
  }
  override cancel(): void {
    HomedRef.at(this.request.ref, this.host)?.withdraw(this)
  }
  /** Who is in no queue has been settled, and what it got is being opened. */
  override withdraw(): boolean {
    if (this.queue === null) return false
    this.cancel()
    return true
  }
  override again(): BaseOperation<unknown> {
    return this.request.again(this.argument, null)
  }
}

class TimedWaiter extends HomedWaiter {
  #at = 0
  #timer: Timer | null = null
  override waitAt<R>(object: HomedObject): R | Suspended {
    this.#at = untilWhen(this.request.limit as Limit, this.host)
    this.#timer = this.host.timer(this.#at, () => {
      if (this.withdraw()) this.wake(THROW, this.request.late())
    })
    return super.waitAt<R>(object)
  }
  override settle(kind: ReplyKind, value: unknown): void {
    this.#timer?.cancel()
    super.settle(kind, value)
  }
  override cancel(): void {
    this.#timer?.cancel()
    super.cancel()
  }
  override again(): BaseOperation<unknown> {
    return this.request.again(this.argument, this.#at)
  }
}

function untilWhen({ ms, at }: Limit, host: Host): number {
  return at ?? host.now() + ms
}

/** A fiber that waits for the answer of an object elsewhere. Its home has the last word whether the wait was withdrawn in time. */
class RemoteWaiter extends Waiter implements Asker {
  readonly #request: Request<unknown>
  readonly #argument: unknown
  #ask: Ask | null = null
  #timer: Timer | null = null
  #at: number | null = null
  #late = false
  constructor(request: Request<unknown>, argument: unknown, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.#request = request
    this.#argument = argument
    checkMayPark(host, this)
  }
  get reason(): string {
    return this.#request.reason
  }
  get wakers(): Wakers {
    return "fibers"
  }
  wait(): unknown {
    const { ref, operation, limit } = this.#request
    deliverInterrupt(this.fiber)
    this.#ask = this.host.homes.ask(HomedRef.share(ref), operation, this.#argument, this)
    if (limit !== null) {
      this.#at = untilWhen(limit, this.host)
      this.#timer = this.host.timer(this.#at, () => {
        this.#late = true
        this.#ask?.withdraw()
      })
    }
    return this.park()
  }
  told(kind: ReplyKind, value: unknown): void {
    this.#timer?.cancel()
    if (kind === THROW) this.wake(THROW, value)
    else this.wake(NEXT, kind === NOTHING ? this.#request.nothing() : this.#request.result(value, this.fiber))
  }
  withdrawn(): void {
    this.#timer?.cancel()
    try {
      deliverInterrupt(this.fiber)
    } catch (interrupted) {
      return void this.wake(THROW, interrupted)
    }
    if (this.#late) this.wake(THROW, this.#request.late())
    else this.repeat()
  }
  override withdraw(): boolean {
    this.#ask?.withdraw()
    return false
  }
  override again(): BaseOperation<unknown> {
    return this.#request.again(this.#argument, this.#at)
  }
}

interface RequestParts {
  readonly ref: HomedRef
  readonly operation: number
  readonly argument: unknown
  readonly limit: Limit | null
}

registerKind<Request<unknown>, RequestParts>({
  name: "rove.request",
  test: Request.isRequest,
  take: ({ ref, operation, argument, limit }) => ({ ref, operation, argument, limit }),
  allocate(parts) {
    const { ref, operation, argument, limit } = parts as RequestParts
    return ref.request(operation, argument, limit) as Request<unknown>
  },
})
