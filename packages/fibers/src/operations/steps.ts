/** Owns operations of several steps, as objects: each time that one is performed, it begins anew. */
import type { Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { follow, type Routine } from "../runtime/routine.ts"
import { BaseOperation } from "./operation.ts"

export class Steps<R> extends BaseOperation<R> {
  readonly #begin: () => Routine
  constructor(begin: () => Routine) {
    super()
    this.#begin = begin
  }
  perform(_: FiberState, host: Host): R | Suspended {
    return follow(host.machine, this.#begin()) as R | Suspended
  }
}
