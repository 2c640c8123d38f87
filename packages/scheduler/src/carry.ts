/** Owns taking the caller's AsyncLocalStorage along: what it holds at the call becomes a context variable of the fiber. */
import type { AsyncLocalStorage } from "node:async_hooks"
import { ContextVar } from "@rove/fibers"

/** Where the value comes from, and the variable that it becomes. Nothing is carried where the storage has no store. */
// biome-ignore lint/suspicious/noExplicitAny: the two agree where they are written down
export type Carry = readonly [storage: Pick<AsyncLocalStorage<any>, "getStore">, variable: ContextVar<any>]

export function isCarry(value: unknown): value is Carry {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [storage, variable] = value as unknown[]
  return typeof (storage as Carry[0] | undefined)?.getStore === "function" && variable instanceof ContextVar
}

/** Runs `launch` with those variables set. Throws ROVE_NOT_PORTABLE for a store that cannot be cloned. */
export function carrying<R>(carry: readonly Carry[], launch: () => R): R {
  return carry.reduceRight<() => R>((inner, [storage, variable]) => {
    const store: unknown = storage.getStore()
    return store === undefined ? inner : () => variable.run(store, inner)
  }, launch)()
}
