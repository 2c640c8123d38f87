/** Owns stretches that no interrupt from outside of them ends. */
import { registerReference } from "@rove/core"
import type { AnyComputation } from "../types.ts"
import type { Operation } from "./operation.ts"
import { bodyOf, RunInside } from "./part.ts"

/** Lets interrupts in again, as they were around the uninterruptible stretch, while that computation or operation runs. */
export type Restore = <R>(work: AnyComputation<R, never> | Operation<R>) => Operation<R>

const restore: Restore = work => new RunInside({ work, where: "restore", owns: false, mask: -1 })
registerReference("rove.restore", restore)

/**
 * Runs `body` in this fiber; an interrupt that comes meanwhile is thrown at the first check behind it (what it gives is not lost), or inside of
 * `restore(work)`. A `timeout` or `scope` inside of it still ends what is inside of that one.
 */
export function uninterruptible<R>(body: (restore: Restore) => Generator<never, R, unknown>): Operation<R> {
  const work = bodyOf(body, "uninterruptible")
  return new RunInside({ work, args: [restore], where: "uninterruptible", owns: false, mask: 1 })
}
