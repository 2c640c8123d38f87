/** Owns running a function for each of many items, so many at a time. */
import {
  atLeast,
  type Fields,
  isFunction,
  isList,
  isTruth,
  optionNames,
  plain,
  RoveError,
  refuseUnknown,
} from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { show } from "../runtime/options.ts"
import { registerRoutine } from "../runtime/routine.ts"
import type { AnyComputation } from "../types.ts"
import { begin } from "./branch.ts"
import { given } from "./group.ts"
import type { Operation } from "./operation.ts"
import { planned } from "./planned.ts"
import { Settle } from "./settle.ts"
import { TOGETHER, Together } from "./together.ts"

export interface ConcurrencyOptions {
  /** Fibers at a time; by default all at once. */
  readonly concurrency?: number
}

const OPTIONS = optionNames<ConcurrencyOptions>({ concurrency: true })

type Each = (item: unknown, index: number) => unknown

interface Plan {
  readonly items: readonly unknown[]
  readonly fn: Each
  readonly concurrency: number
  /** The results are given. */
  readonly gives: boolean
}

class Mapping extends Together {
  readonly plan: Plan
  constructor(plan: Plan) {
    super()
    this.plan = plan
  }
  override proceed(fiber: FiberState, host: Host): Settle | null {
    const { group } = this
    const { items, fn, concurrency } = this.plan
    while (group.size < items.length && group.failure === -1 && group.pending < concurrency) {
      const index = group.size
      begin(fn(items[index], index), group, fiber, host, this.name, fn)
    }
    if (group.failure !== -1 || group.pending === 0) return null
    return new Settle(group, "failure", group.size < items.length ? concurrency : 0)
  }
  override conclude(): unknown {
    const { group } = this
    if (group.failure !== -1) given(group.outcome(group.failure))
    return this.plan.gives ? group.map(given) : undefined
  }
  private get name(): string {
    return this.plan.gives ? "map" : "forEach"
  }
}

const PLAN: Fields<Plan> = { items: isList, fn: isFunction, concurrency: atLeast(1), gives: isTruth }
registerRoutine("rove.Mapping", Mapping, { ...TOGETHER, plan: plain(PLAN) })

const mapping = planned(
  "rove.mapping",
  PLAN,
  plan => new Mapping(plan),
  ({ items }) => isList(items),
)

function planOf(items: unknown, fn: unknown, options: ConcurrencyOptions, gives: boolean): Plan {
  const where = gives ? "map" : "forEach"
  refuseUnknown(options, OPTIONS, where)
  const { concurrency = Number.POSITIVE_INFINITY } = options
  if (!(typeof concurrency === "number" && concurrency >= 1))
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `${where} takes a number of 1 or more as concurrency, not ${show(concurrency)}`,
    )
  return { items: listOf(items, where), fn: functionOf(fn, where) as Each, concurrency, gives }
}

/** A list of its own: what is iterated is iterated now. */
export function listOf(items: unknown, where: string): unknown[] {
  if (items !== null && items !== undefined && Symbol.iterator in Object(items))
    return [...(items as Iterable<unknown>)]
  const text = `${where} takes an array, or anything else that can be iterated, not ${kindOf(items)}`
  const isAsync = items !== null && items !== undefined && Symbol.asyncIterator in Object(items)
  const hint = isAsync ? ": it is iterated asynchronously, read it with `for (const item of each(…))`" : ""
  throw new RoveError("ROVE_INVALID_ARGUMENT", text + hint)
}
export function functionOf(fn: unknown, where: string): unknown {
  if (typeof fn === "function") return fn
  const isComputation = typeof fn === "object" && fn !== null && computationOf(fn) !== null
  const hint = isComputation ? ", which runs once: give it the function, f or () => f(args)" : ""
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a compiled generator function, not ${kindOf(fn)}${hint}`)
}

/**
 * Runs `fn(item, index)` for each item in a fiber of its own, at most `concurrency` at a time, and gives the results in the
 * order of the items. The first error is thrown when those that run, which are interrupted, have ended; no more begin. What
 * is iterated is iterated at the call.
 */
export function map<T, R, Y>(
  items: Iterable<T>,
  fn: (item: T, index: number) => AnyComputation<R, Y>,
  options: ConcurrencyOptions = {},
): Operation<R[]> {
  return mapping(planOf(items, fn, options, true))
}

/** As `map`, without results. */
export function forEach<T, Y>(
  items: Iterable<T>,
  fn: (item: T, index: number) => AnyComputation<unknown, Y>,
  options: ConcurrencyOptions = {},
): Operation<void> {
  return mapping(planOf(items, fn, options, false))
}
