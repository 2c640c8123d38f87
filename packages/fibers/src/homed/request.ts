/** Owns asking a homed object for something: directly at its home, by mail from elsewhere. */
import {
  anything,
  isNatural,
  isObject,
  isTruth,
  NEXT,
  orNull,
  registerKind,
  SUSPENDED,
  type Suspended,
} from "@rove/core"
import { type Alternative, type Branch, TOO_SOON, type Waiting } from "../operations/alternative.ts"
import { BaseOperation } from "../operations/operation.ts"
import { checkMayPark, type Wakers } from "../operations/waiter.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { handOver, isPlain } from "../runtime/hand-over.ts"
import { Sealed } from "../runtime/homes.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { LocalBranch, RemoteBranch } from "./branches.ts"
import { type HomedObject, NONE, WAITS } from "./object.ts"
import { HomedRef, isHomed, isLimit, type Limit } from "./ref.ts"
import { BringingWaiter, HomedWaiter, RemoteWaiter, TimedWaiter, type Wanted } from "./waiters.ts"

export class Request<R> extends BaseOperation<R> implements Wanted, Alternative {
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
  /** False: whether there is something is all that is asked. */
  get patient(): boolean {
    return true
  }
  /** Has it done at its home, by nobody who would wait; where that is not here, nothing happens. */
  now(host: Host): void {
    ;(HomedRef.at(this.ref, host) as HomedObject | null)?.attempt(this.operation, handOver(this.argument))
  }
  /** What the object's answer is to the program. */
  result(value: unknown, _fiber: FiberState): R {
    return value as R
  }
  nothing(): R {
    return undefined as R
  }
  /** What the object is given with the request. */
  given(_fiber: FiberState): unknown {
    return handOver(this.argument)
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const object = HomedRef.at(this.ref, host) as HomedObject | null
    const argument = this.given(fiber)
    if (object === null) return new RemoteWaiter(this, argument, fiber, host).wait() as R | Suspended
    // what comes from elsewhere may have to be waited for although it is there
    if (object.announced && (host.machine.masked > 0 || fiber.restricted !== null)) checkMayPark(host, this)
    const now = object.attempt(this.operation, argument)
    if (now === WAITS || Sealed.is(now)) return this.#wait(object, argument, now, fiber, host)
    return now === NONE ? this.nothing() : this.result(now, fiber)
  }
  #wait(object: HomedObject, argument: unknown, now: unknown, fiber: FiberState, host: Host): R | Suspended {
    if (now !== WAITS) {
      const waiter = new HomedWaiter(this, fiber, host)
      waiter.settle(NEXT, now)
      return waiter.park<R>()
    }
    if (!this.patient && !object.asks) return this.nothing()
    deliverInterrupt(fiber)
    if (this.limit !== null) return new TimedWaiter(this, argument, fiber, host).waitAt<R>(object)
    if (argument !== this.argument) return new BringingWaiter(this, argument, fiber, host).waitAt<R>(object)
    return new HomedWaiter(this, fiber, host).waitAt<R>(object)
  }
  /** What came from elsewhere may have to be waited for although it is there. */
  attempt(fiber: FiberState, host: Host): unknown | Suspended {
    const object = HomedRef.at(this.ref, host) as HomedObject | null
    // and what is cloned or moved is so once
    if (object === null || object.announced || !isPlain(this.argument)) return SUSPENDED
    const now = object.attempt(this.operation, this.given(fiber))
    if (now === WAITS) return SUSPENDED
    return now === NONE ? this.nothing() : this.result(now, fiber)
  }
  wakersOf(): Wakers {
    return this.limit === null && !HomedRef.isOutside(this.ref) ? "fibers" : "outside"
  }
  isLocal(host: Host): boolean {
    return HomedRef.at(this.ref, host) !== null
  }
  waitAs(branch: Branch): Waiting {
    const object = HomedRef.at(this.ref, branch.host) as HomedObject | null
    const argument = this.given(branch.fiber)
    return object === null ? new RemoteBranch(branch, this, argument) : new LocalBranch(branch, this, argument, object)
  }
  get reason(): string {
    return `${this.ref.verb(this.operation)} ${HomedRef.label(this.ref)}`
  }
  again(argument: unknown, at: number | null): BaseOperation<unknown> {
    const { limit } = this
    return this.ref.request(this.operation, argument, limit && { ms: limit.ms, at }, this.patient)
  }
}

/** One that has its answer at once, whoever waits there: that it was not chosen could come too late. */
export class AtOnce<R> extends Request<R> {
  get unfit(): string {
    return TOO_SOON
  }
}

interface RequestParts {
  readonly ref: HomedRef
  readonly operation: number
  readonly argument: unknown
  readonly limit: Limit | null
  readonly patient: boolean
}

registerKind<Request<unknown>, RequestParts>({
  name: "rove.request",
  test: Request.isRequest,
  take: ({ ref, operation, argument, limit, patient }) => ({ ref, operation, argument, limit, patient }),
  fields: { ref: isHomed, operation: isNatural, argument: anything, limit: orNull(isObject), patient: isTruth },
  holds: ({ ref, operation, argument, limit }) => isLimit(limit) && ref.takes(operation, argument),
  allocate(parts) {
    const { ref, operation, argument, limit, patient } = parts as RequestParts
    return ref.request(operation, argument, limit, patient) as Request<unknown>
  },
})
