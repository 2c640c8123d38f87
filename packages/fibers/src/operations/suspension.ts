/** Owns waiting for whoever is first to use a resumer that the fiber has handed out. */
import {
  anything,
  isFunction,
  isObject,
  oneOf,
  orNull,
  type ResumeKind,
  registerKind,
  type Suspended,
  THROW,
} from "@rove/core"
import { HomedRef, isLimit, type Limit } from "../homed/ref.ts"
import { ABANDON, type Resumption } from "../homed/resumption.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { apply } from "../runtime/intrinsics.ts"
import { follow, OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { tellTo } from "./inbox-ref.ts"
import { BaseOperation } from "./operation.ts"
import { isResumer, type Resumer, ResumerRef } from "./resumer.ts"
import { isThenable, wait } from "./wait.ts"
import { checkMayPark } from "./waiter.ts"

type Register = (resume: Resumer<unknown>) => unknown

const REGISTERING = 0
const WAITING = 1

class Suspension implements Routine {
  readonly ref: ResumerRef
  readonly limit: Limit | null
  /** What is to be performed before: a computation, or the wait for a promise. */
  task: unknown
  phase = REGISTERING
  result: unknown = undefined
  constructor(ref: ResumerRef, limit: Limit | null, task: unknown) {
    this.ref = ref
    this.limit = limit
    this.task = task
  }
  next(_: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (kind === THROW) {
      abandon(this.ref, host)
      throw value
    }
    if (this.phase === REGISTERING) {
      const { task } = this
      this.task = null
      if (task !== null) return task
      this.phase = WAITING
      return this.ref.taken(this.limit)
    }
    const { how, value: given } = value as Resumption
    if (how === THROW) throw given
    this.result = given
    return OVER
  }
}
registerRoutine("rove.Suspension", Suspension, {
  ref: isResumer,
  limit: isLimit,
  task: anything,
  phase: oneOf(REGISTERING, WAITING),
  result: anything,
})

/** It was interrupted, or is late: whoever comes now hears that nobody waits. */
function abandon(ref: ResumerRef, host: Host): void {
  tellTo(ref, ABANDON, undefined, host)
}

interface Parts {
  readonly register: Register
  readonly limit: Limit | null
}

export class SuspendWith<T> extends BaseOperation<T> {
  readonly #parts: Parts
  constructor(register: Register, limit: Limit | null) {
    super()
    this.#parts = { register, limit }
  }
  static isSuspend(value: object): value is SuspendWith<unknown> {
    return #parts in value
  }
  static take(operation: SuspendWith<unknown>): Parts {
    return { ...operation.#parts }
  }
  perform(fiber: FiberState, host: Host): T | Suspended {
    checkMayPark(host, { reason: "suspend" })
    deliverInterrupt(fiber)
    const { register, limit } = this.#parts
    const ref = ResumerRef.make()
    HomedRef.at(ref, host) // this is its home
    let task: unknown
    try {
      task = taskOf(apply(register, undefined, [ref]))
    } catch (error) {
      abandon(ref, host)
      throw error
    }
    return follow(host.machine, new Suspension(ref, limit, task)) as T | Suspended
  }
}

/** A generator function registers by what it performs, an asynchronous one by what it awaits. */
function taskOf(given: unknown): unknown {
  if (computationOf(given) !== null) return given
  return isThenable(given) ? wait(given as PromiseLike<unknown>) : null
}

registerKind<SuspendWith<unknown>, Parts>({
  name: "rove.suspend",
  test: SuspendWith.isSuspend,
  take: SuspendWith.take,
  fields: { register: isFunction, limit: orNull(isObject) },
  holds: ({ limit }) => isLimit(limit),
  allocate: parts => new SuspendWith((parts as Parts).register, (parts as Parts).limit),
})
