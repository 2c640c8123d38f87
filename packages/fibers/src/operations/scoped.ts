/** Owns scopes: what is spawned in one ends before it does. */
import type { Operation } from "./operation.ts"
import { bodyOf, RunInside } from "./part.ts"

/**
 * Runs `body` in this fiber, and ends when all that was spawned in it has ended. If a child fails, the body and the other
 * children are interrupted. Throws what failed: one error as it is (a child's as a clone), several in a ScopeError, in the
 * order in which they came. An interrupt of the fiber is one of its children too, and is thrown with what failed as its `cause`.
 */
export function scope<R>(body: () => Generator<never, R, unknown>): Operation<R> {
  return new RunInside({ work: bodyOf(body, "scope"), where: "scope", strict: true })
}
