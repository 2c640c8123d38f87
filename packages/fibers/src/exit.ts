/** Owns callbacks at the end of a fiber and of a thread. */
import { RoveError } from "@rove/core"
import { runAtEnd } from "./runtime/exits.ts"
import type { Outcome } from "./runtime/fiber.ts"
import { refuseGenerator } from "./runtime/not-compiled.ts"
import { machine } from "./runtime/thread.ts"

/** How a fiber ended. */
export type FiberOutcome = Outcome

/**
 * Calls `callback(outcome, argument)` when the running fiber has ended, on the thread where it does; last in, first out,
 * all of them although one throws. To move with the fiber it has to be portable: declared at module level, say. Throws
 * ROVE_NO_FIBER outside of fibers.
 */
export function onFiberExit<A = undefined>(callback: (outcome: FiberOutcome, argument: A) => void, argument?: A): void {
  const { fiber } = machine
  if (fiber === null)
    throw new RoveError("ROVE_NO_FIBER", "onFiberExit() is about the running fiber, and none runs here")
  refuseGenerator(callback, "onFiberExit")
  runAtEnd(fiber, callback as (outcome: Outcome, argument: never) => void, argument)
}

/**
 * Calls `callback` when this thread ends in order (a thread that dies calls nobody); last in, first out, each once, all
 * of them although one throws. Only synchronous work is waited for.
 */
export function onThreadExit(callback: () => void): void {
  refuseGenerator(callback, "onThreadExit")
  machine.own.atExit(callback)
}
