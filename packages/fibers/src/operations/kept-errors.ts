/**
 * Owns what becomes of errors beside an interrupt. Who is interrupted ends as interrupted, whatever else fails on its way out; those
 * errors are kept as the interrupt's `cause`: the error, or a ScopeError with all of them.
 */
import { type FiberInterrupted, ScopeError } from "@rove/core"
import { handOverError } from "../runtime/hand-over.ts"

/** Keeps clones: whoever joins the fiber is to get its interrupt, whatever the errors hold. */
export function keepErrors(interrupt: FiberInterrupted, errors: readonly unknown[]): void {
  if (errors.length === 0) return
  const all = [...keptErrors(interrupt), ...errors.map(handOverError)]
  const value = all.length === 1 ? all[0] : new ScopeError(all)
  Object.defineProperty(interrupt, "cause", { value, writable: true, configurable: true, enumerable: false })
}

/** In the order in which they came. */
export function keptErrors({ cause }: FiberInterrupted): readonly unknown[] {
  if (cause === undefined) return []
  return cause instanceof ScopeError ? cause.errors : [cause]
}
