"use fibers"
/** What `variables.bench.ts` measures happens in a fiber that has set some variables. */
import type { ContextVar, Resumable } from "rove"

/** Sets all of them to 1, and then measures. Functions of ordinary code come by a place, since arguments are cloned. */
export function* withVariables(): Resumable<void> {
  for (const variable of given.variables) variable.set(1)
  given.measure()
}

export const given: { variables: readonly ContextVar<number>[]; measure: () => void } = {
  variables: [],
  measure: () => {},
}
