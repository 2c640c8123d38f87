/** Owns operations of several steps, as objects: each time that one is performed, it begins anew. */
import { isTruth, registerKind, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { follow, isRoutine, type Routine } from "../runtime/routine.ts"
import { BaseOperation } from "./operation.ts"

interface Parts {
  readonly first: Routine
  readonly own: boolean
}

export class Steps<R> extends BaseOperation<R> {
  /** As it stands before its first step: each performance takes a copy. */
  readonly #first: Routine
  /** It is about the fiber that performs it. */
  readonly #own: boolean
  constructor(first: Routine, own = false) {
    super()
    this.#first = first
    this.#own = own
  }
  static isSteps(value: object): value is Steps<unknown> {
    return #first in value
  }
  static take(steps: Steps<unknown>): Parts {
    return { first: steps.#first, own: steps.#own }
  }
  override get own(): boolean {
    return this.#own
  }
  perform(_: FiberState, host: Host): R | Suspended {
    const routine = Object.assign(Object.create(Object.getPrototypeOf(this.#first) as object), this.#first) as Routine
    return follow(host.machine, routine) as R | Suspended
  }
}

registerKind<Steps<unknown>, Parts>({
  name: "rove.steps",
  test: Steps.isSteps,
  take: Steps.take,
  fields: { first: isRoutine, own: isTruth },
  allocate: parts => new Steps((parts as Parts).first, parts?.own),
})
