/**
 * Owns waiting for the first of several operations. At most one of them takes effect: the others, wherever their objects are, are
 * asked for nothing, or withdrawn before anything has come of them.
 */
import {
  anything,
  isList,
  isObject,
  isText,
  listOf,
  orNull,
  plain,
  RoveError,
  registerKind,
  SUSPENDED,
  type Suspended,
  TimeoutError,
} from "@rove/core"
import { isLimit, type Limit, limitOf, type WaitingOptions } from "../homed/ref.ts"
import { untilWhen } from "../homed/waiters.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { Performable } from "../runtime/performable.ts"
import { forbidsWait } from "../runtime/restrictions.ts"
import { withoutFrames } from "../runtime/stacks.ts"
import { type Alternative, isAlternative, TOO_SOON } from "./alternative.ts"
import { FiberRef } from "./handle.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { SelectWaiter } from "./select-waiter.ts"

// biome-ignore lint/suspicious/noExplicitAny: whatever the operations give
type Alternatives = { readonly [key: string]: Operation<any> }

/** Which of the operations it was, and what it gave: narrow by `key`. */
export type Selected<T> = {
  [K in keyof T]: { readonly key: K; readonly value: T[K] extends Operation<infer R> ? R : T[K] }
}[keyof T]

/** What a select with a default looks like: `default` is no operation, but the value for the case that all would have to wait. */
type WithDefault<T> = { readonly [K in keyof T]: K extends "default" ? T[K] : Operation<unknown> }

type Given = { readonly default?: unknown; readonly [key: string]: unknown }

class Select extends BaseOperation<unknown> {
  readonly #keys: readonly string[]
  readonly #operations: readonly (BaseOperation<unknown> & Alternative)[]
  readonly #otherwise: { readonly value: unknown } | null
  readonly #limit: Limit | null
  constructor({ keys, operations, otherwise, limit }: SelectParts) {
    super()
    this.#keys = keys
    this.#operations = operations
    this.#otherwise = otherwise
    this.#limit = limit
  }
  static isSelect(value: object): value is Select {
    return #keys in value
  }
  static take(select: Select): SelectParts {
    return {
      keys: select.#keys,
      operations: select.#operations,
      otherwise: select.#otherwise,
      limit: select.#limit,
    }
  }
  override get awaitsEnds(): boolean {
    return this.#operations.some(operation => operation.awaitsEnds)
  }
  perform(fiber: FiberState, host: Host): unknown | Suspended {
    for (const [i, operation] of this.#operations.entries()) {
      const value = operation.attempt(fiber, host)
      if (value !== SUSPENDED) return this.#result(i, value)
    }
    // it may not wait, and has something for that case
    if (this.#otherwise !== null && fiber.restricted !== null && forbidsWait(fiber, false) !== null)
      return this.#result(-1, undefined)
    const at = this.#limit && untilWhen(this.#limit, host)
    return new SelectWaiter(fiber, host, {
      operations: this.#operations,
      patient: this.#otherwise === null,
      reason: `the first of ${this.#keys.join(", ")}`,
      at,
      late: () =>
        withoutFrames(
          () =>
            new TimeoutError(
              `select could have none of ${this.#keys.join(", ")} within ${this.#limit === null ? 0 : this.#limit.ms} ms`,
            ),
        ),
      result: (i, value) => this.#result(i, value),
      again: operations =>
        new Select({
          keys: this.#keys,
          operations: operations as SelectParts["operations"],
          otherwise: this.#otherwise,
          limit: this.#limit && { ms: this.#limit.ms, at },
        }),
    }).wait()
  }
  /** -1: all of them would have to wait. */
  #result(i: number, value: unknown): unknown {
    return i < 0
      ? { key: "default", value: this.#otherwise === null ? undefined : this.#otherwise.value }
      : { key: this.#keys[i], value }
  }
}

interface SelectParts {
  readonly keys: readonly string[]
  readonly operations: readonly (BaseOperation<unknown> & Alternative)[]
  readonly otherwise: { readonly value: unknown } | null
  readonly limit: Limit | null
}

registerKind<Select, SelectParts>({
  name: "rove.select",
  test: Select.isSelect,
  take: Select.take,
  fields: { keys: isList, operations: isList, otherwise: orNull(isObject), limit: orNull(isObject) },
  holds: ({ keys, operations, otherwise, limit }) =>
    keys.length === operations.length &&
    listOf(isText)(keys) &&
    listOf(operation => unfitness(operation) === null)(operations) &&
    orNull(plain({ value: anything }))(otherwise) &&
    isLimit(limit),
  allocate: parts => new Select(parts as SelectParts),
})

/**
 * Waits until one of the operations can be had, and performs that one alone; if several can at once, the one that is written
 * first. Gives its key and its value: `if (x.key === "msg") x.value…`; throws its error. A property `default` that is no operation
 * is the value for the case that all others would have to wait. Sends and receives, also of the fiber's own inbox, locks, gates, sleeps,
 * joins and the waits for promises can be chosen among.
 * Throws ROVE_TIMEOUT, and ROVE_INVALID_ARGUMENT for an operation that takes effect at once.
 */
export function select<const T extends Alternatives>(operations: T, options?: WaitingOptions): Operation<Selected<T>>
export function select<const T extends { readonly default: unknown }>(
  operations: T & WithDefault<T>,
): Operation<Selected<T>>
export function select(operations: Given, options?: WaitingOptions): Operation<unknown> {
  const limit = limitOf(options, "select")
  const keys = Object.keys(objectOf(operations))
  const isDefault = (key: string): boolean => key === "default" && !(operations[key] instanceof BaseOperation)
  const chosen = keys.filter(key => !isDefault(key))
  for (const key of chosen) refuseOthers(key, operations[key])
  if (chosen.length === 0) throw new RoveError("ROVE_INVALID_ARGUMENT", `${TAKES}, and this one has none`)
  return new Select({
    keys: chosen,
    operations: chosen.map(key => operations[key] as BaseOperation<unknown> & Alternative),
    otherwise: keys.some(isDefault) ? { value: operations.default } : null,
    limit,
  }) as Operation<unknown>
}

const TAKES = "select takes an object with operations, { name: operation }"

function objectOf(operations: unknown): object {
  if (typeof operations === "object" && operations !== null) return operations
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${TAKES}, not ${kindOf(operations)}`)
}
function refuseOthers(key: string, operation: unknown): void {
  const unfit = unfitness(operation)
  if (unfit !== null) throw new RoveError("ROVE_INVALID_ARGUMENT", `select: ${key} ${unfit}`)
}
function noOperation(value: unknown): string {
  if (value instanceof Promise) return "it is a promise, and wait(promise) is an operation"
  if (typeof value !== "object" || value === null) return `it is ${kindOf(value)}`
  if (FiberRef.is(value)) return "it is the handle of a fiber, and fiber.join() is an operation"
  return computationOf(value) === null
    ? `it is ${kindOf(value)}`
    : "it is a computation; spawn it, and choose its join(), or use race"
}
function unfitness(operation: unknown): string | null {
  // what only inherits from one could have methods of its own
  if (!(operation instanceof BaseOperation && Performable.is(operation)))
    return `is no operation: ${noOperation(operation)}`
  return isAlternative(operation) ? (operation.unfit ?? null) : TOO_SOON
}
