/** Owns making one of many by halves, so that idle threads can take a half. */
import {
  anything,
  atLeast,
  type Fields,
  isFunction,
  isList,
  isNatural,
  oneOf,
  optionNames,
  plain,
  RoveError,
  refuseUnknown,
} from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { foundOut } from "../runtime/forgotten.ts"
import type { Host } from "../runtime/host.ts"
import { workOf } from "../runtime/not-compiled.ts"
import { show } from "../runtime/options.ts"
import { registerRoutine } from "../runtime/routine.ts"
import type { AnyComputation } from "../types.ts"
import { begin } from "./branch.ts"
import { given } from "./group.ts"
import { functionOf, listOf } from "./map.ts"
import type { Operation } from "./operation.ts"
import { planned } from "./planned.ts"
import { Settle } from "./settle.ts"
import { TOGETHER, Together } from "./together.ts"

export interface ReduceOptions<T> {
  /** Items that one fiber combines one after the other; by default 1. */
  readonly grain?: number
  /** What is given for no items; by default an error. */
  readonly empty?: T
}

const OPTIONS = optionNames<ReduceOptions<unknown>>({ grain: true, empty: true })

type Combine = (a?: unknown, b?: unknown) => unknown

interface Plan {
  readonly items: readonly unknown[]
  readonly fn: Combine
  readonly grain: number
}

const SPLIT = 0
const RIGHT = 1
const LEFT = 2
const COMBINED = 3

class Halving extends Together {
  readonly plan: Plan
  step = SPLIT
  at = 1
  value: unknown = undefined
  constructor(plan: Plan) {
    super()
    this.plan = plan
    this.value = plan.items[0]
  }
  override proceed(fiber: FiberState, host: Host, value: unknown): unknown {
    return this.plan.items.length <= this.plan.grain ? this.fold(value) : this.halve(fiber, host, value)
  }
  override conclude(): unknown {
    return this.value
  }
  /** One after the other. */
  private fold(value: unknown): unknown {
    const { items, fn } = this.plan
    if (this.step === COMBINED) this.value = value
    this.step = COMBINED
    return this.at < items.length ? workOf(fn(this.value, items[this.at++]), "reduce", fn) : null
  }
  /** The left half gets a fiber; this one does the right half, and then puts both together. */
  private halve(fiber: FiberState, host: Host, value: unknown): unknown {
    const { items, fn, grain } = this.plan
    const middle = items.length >> 1
    switch (this.step) {
      case SPLIT:
        this.step = RIGHT
        begin(halving({ items: items.slice(0, middle), fn, grain }), this.group, fiber, host, "reduce")
        return halving({ items: items.slice(middle), fn, grain })
      case RIGHT:
        this.step = LEFT
        // as the other half, which is a fiber's result; an item by itself is nothing that was found out
        this.value = items.length - middle > 1 ? foundOut(value, fn, "reduce") : value
        return new Settle(this.group, "all")
      case LEFT:
        this.step = COMBINED
        return workOf(fn(given(this.group.outcome(0)), this.value), "reduce", fn)
      default:
        this.value = foundOut(value, fn, "reduce")
        return null
    }
  }
}

const PLAN: Fields<Plan> = { items: isList, fn: isFunction, grain: atLeast(1) }
registerRoutine("rove.Halving", Halving, {
  ...TOGETHER,
  plan: plain(PLAN),
  step: oneOf(SPLIT, RIGHT, LEFT, COMBINED),
  at: isNatural,
  value: anything,
})

const halving = planned(
  "rove.halving",
  PLAN,
  plan => new Halving(plan),
  ({ items }) => isList(items),
)

/**
 * Combines items in pairs with `fn`, which must be associative, by halves: each left half runs in a fiber of its own, which
 * an idle thread may take. Keeps the order. The first error is thrown when the rest, which is interrupted, has ended. Throws
 * ROVE_INVALID_ARGUMENT for no items, unless `empty` says what they give.
 */
export function reduce<T, Y>(
  items: Iterable<T>,
  fn: (a: T, b: T) => AnyComputation<T, Y>,
  options: ReduceOptions<T> = {},
): Operation<T> {
  refuseUnknown(options, OPTIONS, "reduce")
  const { grain = 1 } = options
  if (!(typeof grain === "number" && grain >= 1))
    throw new RoveError("ROVE_INVALID_ARGUMENT", `reduce takes a number of 1 or more as grain, not ${show(grain)}`)
  const list = listOf(items, "reduce")
  const combine = functionOf(fn, "reduce") as Combine
  if (list.length === 0 && !("empty" in options))
    throw new RoveError("ROVE_INVALID_ARGUMENT", "reduce was given no items: say what they give with the option empty")
  return halving<T>({ items: list.length > 0 ? list : [options.empty], fn: combine, grain })
}
