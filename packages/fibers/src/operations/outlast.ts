/** Owns waiting for the end of all that was spawned in a lifetime. */
import { instance, NEXT, registerKind, type Suspended } from "@rove/core"
import { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { type Child, Lifetime } from "../runtime/lifetime.ts"
import { JoiningWaiter } from "./join.ts"
import { BaseOperation } from "./operation.ts"
import { checkMayPark } from "./waiter.ts"

export class Outlast extends BaseOperation<void> {
  readonly #lifetime: Lifetime
  constructor(lifetime: Lifetime) {
    super()
    this.#lifetime = lifetime
  }
  static isOutlast(value: object): value is Outlast {
    return #lifetime in value
  }
  static take(outlast: Outlast): { lifetime: Lifetime } {
    return { lifetime: outlast.#lifetime }
  }
  override get awaitsEnds(): boolean {
    return true
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const lifetime = this.#lifetime
    lifetime.watch(host)
    if (lifetime.pending === 0) return undefined
    const waiter = new OutlastWaiter(lifetime, fiber, host)
    lifetime.emptied = () => void waiter.wake(NEXT, undefined)
    return waiter.park()
  }
}

class OutlastWaiter extends JoiningWaiter {
  readonly #lifetime: Lifetime
  constructor(lifetime: Lifetime, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.#lifetime = lifetime
    checkMayPark(host, this)
  }
  // while it waits, one is left
  get target(): Child {
    return this.#lifetime.living[0] as Child
  }
  /** Where the failure of one ends the others, it would end the wait too. */
  override get joins(): boolean {
    return !this.#lifetime.strict || this.#lifetime.living.length === 1
  }
  get local(): FiberState | null {
    return this.target instanceof FiberState ? this.target : null
  }
  get reason(): string {
    const [first, ...more] = this.#lifetime.living
    const others = more.length === 0 ? "" : ` and ${more.length} more`
    return first === undefined ? "end of its children" : `end of its child ${first.id} (${first.name})${others}`
  }
  override cancel(): void {
    this.#lifetime.emptied = null
  }
  override again(): Outlast {
    return new Outlast(this.#lifetime)
  }
}

registerKind<Outlast, { lifetime: Lifetime }>({
  name: "rove.outlast",
  test: Outlast.isOutlast,
  take: Outlast.take,
  fields: { lifetime: instance(Lifetime) },
  allocate: parts => new Outlast((parts as { lifetime: Lifetime }).lifetime),
})
