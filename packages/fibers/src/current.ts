/** Owns the questions "which fiber is this" and "which thread is this", for code that runs in one. */
import { RoveError, type ThreadIdentity } from "@rove/core"
import { type Fiber, FiberRef } from "./operations/handle.ts"
import { machine } from "./runtime/thread.ts"

/** The handle of the fiber that runs; null in ordinary code. It moves with the fiber. */
export function currentFiber(): Fiber<unknown> | null {
  const { fiber } = machine
  return fiber === null ? null : new FiberRef(fiber)
}

/**
 * The thread that runs this code. Ask again after every wait: the fiber may have moved, and an identity is never
 * portable. Throws ROVE_NO_THREAD where no host runs fibers.
 */
export function currentThread(): ThreadIdentity {
  const { host } = machine
  if (host === null)
    throw new RoveError("ROVE_NO_THREAD", "this thread runs no fibers: currentThread() names threads of a runtime")
  return host.thread
}
