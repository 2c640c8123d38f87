/**
 * Owns calling an asynchronous function so that the wait is a record of the call: function and arguments, and nothing of
 * this thread. Where the fiber goes on without the answer, the call is made anew.
 */
import {
  closureOf,
  isList,
  NEXT,
  RoveError,
  referenceOf,
  registerKind,
  type Suspended,
  stampOf,
  THROW,
} from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { handOver } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import { apply } from "../runtime/intrinsics.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { withAwaited } from "../runtime/stacks.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { isThenable } from "./wait.ts"
import { LocalWaiter } from "./waiter.ts"

type AnyFunction = (...args: never[]) => unknown

interface Call {
  readonly fn: AnyFunction
  readonly args: readonly unknown[]
}

class CallAsync<R> extends BaseOperation<R> {
  readonly #call: Call
  constructor(call: Call) {
    super()
    this.#call = call
  }
  static isCallAsync(value: object): value is CallAsync<unknown> {
    return #call in value
  }
  static take(operation: CallAsync<unknown>): Call {
    return operation.#call
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const { fn, args } = this.#call
    const waiter = new CallWaiter(fiber, host, this, `call of ${fn.name === "" ? "a function" : `${fn.name}()`}`)
    const given = apply(fn, undefined, args)
    if (!isThenable(given)) return given as R
    Promise.resolve(given).then(
      value => waiter.wake(NEXT, value),
      error => {
        if (fiber.park === waiter) withAwaited(error, fiber.top)
        waiter.wake(THROW, error)
      },
    )
    return waiter.park()
  }
}

class CallWaiter extends LocalWaiter {
  readonly #operation: CallAsync<unknown>
  constructor(fiber: FiberState, host: Host, operation: CallAsync<unknown>, reason: string) {
    super(fiber, host, reason)
    this.#operation = operation
  }
  override again(): CallAsync<unknown> {
    return this.#operation
  }
}

registerKind<CallAsync<unknown>, Call>({
  name: "rove.callAsync",
  test: CallAsync.isCallAsync,
  take: CallAsync.take,
  fields: { fn: isKnown, args: isList },
  holds: ({ args }) => isList(args),
  allocate: parts => {
    const { fn, args } = parts as Call
    return new CallAsync({ fn, args })
  },
})

/** Whether other threads find the function: it is compiled, or registered. */
function isKnown(fn: unknown): boolean {
  return typeof fn === "function" && (stampOf(fn) !== undefined || referenceOf(fn) !== undefined)
}

/**
 * Calls `fn(...args)` and waits for what it promises. The function is one that other threads find (at module level of a
 * "use fibers" module, or named by `byReference`), and the arguments are cloned: so a record can be made of the fiber while it waits,
 * and where that is resumed the call is made again. Throws ROVE_NOT_PORTABLE for any other function.
 */
export function callAsync<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Operation<Awaited<R>> {
  if (typeof fn !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `callAsync takes a function and its arguments, not ${kindOf(fn)}`)
  if (closureOf(fn) !== undefined)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `${fn.name} is a compiled generator function: call it by yield* ${fn.name}(…)`,
    )
  if (!isKnown(fn))
    throw new RoveError(
      "ROVE_NOT_PORTABLE",
      `callAsync cannot keep a call of ${fn.name === "" ? "an anonymous function" : fn.name}, which no other thread would find: put it into a module that begins with "use fibers", or name it with byReference in a module that fibers import`,
    )
  return new CallAsync({ fn: fn as AnyFunction, args: handOver(args) })
}
