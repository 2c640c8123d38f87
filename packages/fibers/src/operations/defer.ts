/** Owns what is to be done at the end of the scope in which the fiber is, or of the fiber. */
import { RoveError, registerKind } from "@rove/core"
import type { FiberState, Outcome } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import { CLEANUP, type Cleanup, ownerOf } from "../runtime/lifetime.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { BaseOperation, type Operation } from "./operation.ts"

class Defer extends BaseOperation<void> {
  readonly #cleanup: Cleanup
  constructor(cleanup: Cleanup) {
    super()
    this.#cleanup = cleanup
  }
  static isDefer(value: object): value is Defer {
    return #cleanup in value
  }
  static take(defer: Defer): Cleanup {
    return { ...defer.#cleanup }
  }
  perform(fiber: FiberState): undefined {
    ownerOf(fiber).cleanups.push(this.#cleanup)
  }
}

registerKind<Defer, Cleanup>({
  name: "rove.defer",
  test: Defer.isDefer,
  take: Defer.take,
  fields: CLEANUP,
  allocate: cleanup => new Defer(cleanup as Cleanup),
})

type Work = Generator<never, void, unknown> | (() => Generator<never, void, unknown>)

/**
 * Runs a computation at the end of the innermost scope around here, or of the fiber: after its children, the last first, each
 * once, all of them although one throws. It may wait, cannot be interrupted, and moves with the fiber. What it throws is
 * thrown by the scope.
 */
export function defer(cleanup: Work): Operation<void> {
  if (typeof cleanup !== "function" && computationOf(cleanup) === null)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `defer takes a computation, f(args) with a compiled generator function f, or the function itself, not ${kindOf(cleanup)}`,
    )
  return new Defer({ work: cleanup, hears: false })
}

/** As `defer`, with a function that hears how the scope, or the fiber, ended. */
export function onExit(callback: (outcome: Outcome) => Generator<never, void, unknown>): Operation<void> {
  if (typeof callback !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `onExit takes a compiled generator function, not ${kindOf(callback)}`)
  return new Defer({ work: callback, hears: true })
}
