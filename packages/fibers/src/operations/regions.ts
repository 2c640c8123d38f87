/** Owns regions: computations in which a fiber must not switch, must not wait, is not preempted, or stays on its thread. */
import { RoveError, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { isWork, kindOf, noWork } from "../runtime/not-compiled.ts"
import { type Region, registerRegion, within } from "../runtime/region.ts"
import { isRestriction, type Restricted, type Restriction } from "../runtime/restrictions.ts"
import type { AnyComputation } from "../types.ts"
import { BaseOperation, type Operation } from "./operation.ts"

/** What runs inside: a computation, or a compiled generator function without parameters, which shares what it captures. */
export type Body<R> = AnyComputation<R, never> | (() => AnyComputation<R, never>)

class Restrict implements Region {
  readonly forbids: Restriction
  constructor(forbids: Restriction) {
    this.forbids = forbids
  }
  enter(fiber: FiberState): void {
    fiber.restricted = { kind: this.forbids, outer: fiber.restricted }
  }
  leave(fiber: FiberState): void {
    fiber.restricted = (fiber.restricted as Restricted).outer
  }
}

/** Never in a record: a fiber that is tied to its thread has none. */
class Pinned implements Region {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
  enter(fiber: FiberState): void {
    fiber.addPin(this)
  }
  leave(fiber: FiberState): void {
    fiber.removePin(this)
  }
}

registerRegion("rove.Restrict", Restrict, { forbids: isRestriction })

class Within<R> extends BaseOperation<R> {
  readonly #where: string
  readonly #region: () => Region
  readonly #body: Body<R>
  constructor(where: string, region: () => Region, body: Body<R>) {
    super()
    this.#where = where
    this.#region = region
    this.#body = body
  }
  perform(_: FiberState, host: Host): R | Suspended {
    const work = typeof this.#body === "function" ? this.#body() : this.#body
    if (typeof this.#body === "function" && !isWork(work))
      throw new RoveError("ROVE_INVALID_ARGUMENT", noWork(work, this.#where, this.#body))
    return within(host.machine, this.#region(), work) as R | Suspended
  }
}

function region<R>(where: string, make: () => Region, body: Body<R>): Operation<R> {
  if (typeof body === "function" || computationOf(body) !== null) return new Within<R>(where, make, body)
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `${where} takes a computation, f(args) with a compiled generator function f, or such a function without parameters, not ${kindOf(body)}`,
  )
}

/**
 * Runs `body` so that no other fiber runs on this thread in between: it is not preempted, and what would let others run
 * (a wait, a join of a child that has not ended) throws ROVE_NO_SWITCH and changes nothing. Regions nest. An interrupt
 * from elsewhere comes behind the region.
 */
export function noSwitch<R>(body: Body<R>): Operation<R> {
  return region("noSwitch", () => new Restrict("noSwitch"), body)
}

/**
 * Runs `body` so that it waits for nobody: what would, throws ROVE_NO_BLOCK and changes nothing. It may be preempted, and
 * `sleep(0)` lets others run.
 */
export function noBlock<R>(body: Body<R>): Operation<R> {
  return region("noBlock", () => new Restrict("noBlock"), body)
}

/** Runs `body` without preemption: other fibers run, and an interrupt comes, only where it waits. Whoever computes for long there holds up the thread. */
export function atomic<R>(body: Body<R>): Operation<R> {
  return region("atomic", () => new Restrict("atomic"), body)
}

/**
 * Runs `body` on this thread to its end: until then the fiber is neither moved nor saved, and may use thread-locals.
 * `reason` is for whoever wonders why. `pin` does the same for a block: `using _ = pin("why")`.
 */
export function pinned<R>(reason: string, body: Body<R>): Operation<R> {
  if (typeof reason !== "string" || reason === "")
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      "pinned takes a reason first, for whoever wonders why the fiber does not move",
    )
  return region("pinned", () => new Pinned(reason), body)
}
