/** Owns what is said where a fiber's `yield*` is given what it cannot perform, and something else is to be written. */
import { closureOf } from "@rove/core"
import { isProxyLike } from "./intrinsics.ts"

/** Under which objects of ours say it: "it is a mutex, …". */
export const INSTEAD = Symbol("rove.instead")

/** What it is, and what to write; null if nothing is known of it. Of a proxy nothing is asked. */
export function insteadOf(value: unknown): string | null {
  if (typeof value === "function") {
    const closure = closureOf(value as (...args: unknown[]) => unknown)
    return closure === undefined ? null : `it is a generator function, and yield* ${closure.code.name}(…) calls it`
  }
  if (typeof value !== "object" || value === null || isProxyLike(value)) return null
  const own = (value as { [INSTEAD]?: string })[INSTEAD]
  if (own !== undefined) return own
  if (value instanceof Promise) return "it is a promise, and yield* wait(promise) waits for it"
  return Symbol.asyncIterator in value
    ? "it is an asynchronous iterable, and for (const x of each(iterable)) goes over it"
    : null
}
