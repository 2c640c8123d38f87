/** Owns operations that are a plan, plain data, and begin a routine with it each time that they are performed. */
import { type Fields, registerKind, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { follow, type Routine } from "../runtime/routine.ts"
import { BaseOperation, type Operation } from "./operation.ts"

/** Registers them under the name, with what their plans hold. Gives what makes one. `holds`: as of a kind. */
export function planned<P extends object>(
  name: string,
  fields: Fields<P>,
  begin: (plan: P) => Routine,
  holds: (plan: P) => boolean = () => true,
): <R>(plan: P) => Operation<R> {
  class Planned<R> extends BaseOperation<R> {
    readonly #plan: P
    constructor(plan: P) {
      super()
      this.#plan = plan
    }
    static isPlanned(value: object): value is Planned<unknown> {
      return #plan in value
    }
    static take(operation: Planned<unknown>): P {
      return { ...operation.#plan }
    }
    perform(_: FiberState, host: Host): R | Suspended {
      return follow(host.machine, begin(this.#plan)) as R | Suspended
    }
  }
  const { isPlanned, take } = Planned
  registerKind<Planned<unknown>, P>({
    name,
    test: isPlanned,
    take,
    fields,
    holds,
    allocate: plan => new Planned(plan as P),
  })
  return plan => new Planned(plan)
}
