/** Owns waiting for several branches at once: for all, for their outcomes, for the first, for the first that returns. */
import {
  Computation,
  isObject,
  isText,
  listOf,
  oneOf,
  orNull,
  RoveError,
  registerKind,
  type Suspended,
} from "@rove/core"
import type { FiberState, Outcome } from "../runtime/fiber.ts"
import { isArrayPristine } from "../runtime/gather.ts"
import { computationOf } from "../runtime/generator.ts"
import { generatorOf } from "../runtime/generator-objects.ts"
import type { Host } from "../runtime/host.ts"
import { Performable } from "../runtime/performable.ts"
import { follow, registerRoutine } from "../runtime/routine.ts"
import { registerTakers } from "../runtime/spawner.ts"
import type { ResultOf } from "../types.ts"
import { type Branch, begin } from "./branch.ts"
import { type Group, given } from "./group.ts"
import { FiberRef } from "./handle.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { type Enough, Settle } from "./settle.ts"
import { TOGETHER, Together } from "./together.ts"

type How = "all" | "allSettled" | "race" | "any"
type Branches = readonly unknown[] | Readonly<Record<string, unknown>>

const ENOUGH: Readonly<Record<How, Enough>> = { all: "failure", allSettled: "all", race: "first", any: "success" }

/** How a branch ended, as `Promise.allSettled` says it. */
export type Settled<R> =
  | { readonly status: "fulfilled"; readonly value: R }
  | { readonly status: "rejected"; readonly reason: unknown }
  | { readonly status: "interrupted"; readonly reason: unknown }

class Combined extends Together {
  readonly how: How
  /** Until they have begun. */
  branches: Branches | null
  /** Of a record. */
  readonly keys: readonly string[] | null
  constructor(how: How, branches: Branches) {
    super()
    this.how = how
    this.branches = branches
    this.keys = Array.isArray(branches) ? null : Object.keys(branches)
  }
  override proceed(fiber: FiberState, host: Host): Settle | null {
    const { branches, how } = this
    if (branches === null) return null
    this.branches = null
    // not as entries: taking these apart would show the keys to a program that changed how lists are iterated
    const keys = Object.keys(branches)
    let at = 0
    for (const branch of Object.values(branches)) begin(branch, this.group, fiber, host, how, undefined, keys[at++])
    return new Settle(this.group, ENOUGH[how])
  }
  override conclude(): unknown {
    return CONCLUDE[this.how](this.group, this.keys)
  }
}

registerRoutine("rove.Combined", Combined, {
  ...TOGETHER,
  how: oneOf(...Object.keys(ENOUGH)),
  branches: orNull(isObject),
  keys: orNull(listOf(isText)),
})

const CONCLUDE: Readonly<Record<How, (group: Group, keys: readonly string[] | null) => unknown>> = {
  all(group, keys) {
    if (group.failure !== -1) given(group.outcome(group.failure))
    return named(group.map(given), keys)
  },
  allSettled: (group, keys) => named(group.map(settled), keys),
  race: group => given(group.outcome(group.first)),
  any(group) {
    if (group.success !== -1) return given(group.outcome(group.success))
    const errors = group.map(outcome => (outcome?.kind === "failed" ? outcome.error : reasonOf(outcome)))
    throw new AggregateError(errors, `all ${errors.length} branches failed`)
  },
}

function named(values: readonly unknown[], keys: readonly string[] | null): unknown {
  return keys === null ? values : Object.fromEntries(keys.map((key, i) => [key, values[i]]))
}
function settled(outcome: Outcome | null): Settled<unknown> {
  if (outcome?.kind === "returned") return { status: "fulfilled", value: outcome.value }
  if (outcome?.kind === "failed") return { status: "rejected", reason: outcome.error }
  return { status: "interrupted", reason: reasonOf(outcome) }
}
function reasonOf(outcome: Outcome | null): unknown {
  return outcome?.kind === "interrupted" ? outcome.reason : undefined
}

class RunTogether<R> extends BaseOperation<R> {
  readonly #how: How
  readonly #branches: Branches
  constructor(how: How, branches: Branches) {
    super()
    this.#how = how
    this.#branches = branches
  }
  static isRun(value: object): value is RunTogether<unknown> {
    return #how in value
  }
  static take(run: RunTogether<unknown>): { how: How; branches: Branches } {
    return { how: run.#how, branches: run.#branches }
  }
  perform(_: FiberState, host: Host): R | Suspended {
    return follow(host.machine, new Combined(this.#how, this.#branches)) as R | Suspended
  }
}

registerKind<RunTogether<unknown>, { how: How; branches: Branches }>({
  name: "rove.together",
  test: RunTogether.isRun,
  take: RunTogether.take,
  fields: { how: oneOf(...Object.keys(ENOUGH)), branches: isObject },
  allocate: parts => {
    const { how, branches } = parts as { how: How; branches: Branches }
    return new RunTogether(how, branches) // the list may still be empty, and is filled later
  },
})

function checked(given: unknown, how: How): Branches {
  const branches = branchesOf(given, how)
  if (how === "race" && (branches as readonly unknown[]).length === 0)
    throw new RoveError("ROVE_INVALID_ARGUMENT", "race takes at least one branch: nobody would ever win")
  return branches
}
/** A copy: a list of what is iterated, or an object. */
function branchesOf(given: unknown, how: How): Branches {
  const isOne = typeof given === "object" && given !== null
  // one branch alone can be iterated too, in its way
  if (isOne && !Performable.is(given) && computationOf(given) === null) {
    if (isIterable(given)) return listOfBranches(given)
    if (how === "all" && !FiberRef.is(given)) return { ...given } as Branches
  }
  const what = `${how} takes a list of computations, operations and fibers${how === "all" ? ", or an object of them" : ""}`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}
/** What compiled code put there in place of a generator object is one for whoever else looks at the list. */
function listOfBranches(given: Iterable<unknown>): unknown[] {
  if (Array.isArray(given) && !isArrayPristine())
    for (let i = 0; i < given.length; i++) {
      const branch: unknown = given[i]
      if (branch instanceof Computation) given[i] = generatorOf(branch)
    }
  return [...given]
}
function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function"
}

type Results<T> = { -readonly [K in keyof T]: ResultOf<T[K]> }

/**
 * Runs branches side by side and gives their results, in a tuple (a list for what is iterated) or by key. A computation or operation gets a fiber of its
 * own; a fiber is waited for. The first error is thrown, when what was begun for it has ended: the rest is interrupted.
 */
export function all<const T extends readonly Branch[]>(branches: T): Operation<Results<T>>
export function all<B extends Branch>(branches: Iterable<B>): Operation<ResultOf<B>[]>
export function all<T extends Readonly<Record<string, Branch>>>(branches: T): Operation<Results<T>>
export function all(branches: unknown): Operation<never> {
  return new RunTogether<never>("all", checked(branches, "all"))
}

/** As `all`, and gives of each how it ended; nothing is interrupted. */
export function allSettled<const T extends readonly Branch[]>(
  branches: T,
): Operation<{ -readonly [K in keyof T]: Settled<ResultOf<T[K]>> }>
export function allSettled<B extends Branch>(branches: Iterable<B>): Operation<Settled<ResultOf<B>>[]>
export function allSettled(branches: unknown): Operation<never> {
  return new RunTogether("allSettled", checked(branches, "allSettled"))
}

/** Gives or throws what the first branch to end does, when the others, which are interrupted, have ended too. Fibers go on. */
export function race<B extends Branch>(branches: Iterable<B>): Operation<ResultOf<B>> {
  return new RunTogether("race", checked(branches, "race"))
}

/** Gives what the first branch to return does, as `race`; throws an AggregateError of all errors if none returns. */
export function any<B extends Branch>(branches: Iterable<B>): Operation<ResultOf<B>> {
  return new RunTogether("any", checked(branches, "any"))
}

registerTakers(all, allSettled, race, any)
