/** Owns the question "in which context does this code run": the current fiber's, or the thread's own outside of fibers. */
import { Context } from "@rove/core"
import { machine } from "./thread.ts"

const base = new Context()

/** Changes with every slice: ask again after each wait. */
export function currentContext(): Context {
  return machine.fiber === null ? base : machine.fiber.context
}

/** Names that context; it moves with the fiber. The base contexts of threads need no names: nothing moves from one to another. */
export function currentContextId(): string {
  return machine.fiber === null ? "thread" : machine.fiber.id
}
