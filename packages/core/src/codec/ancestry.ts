/**
 * Owns what an object inherits from, found without running code: `instanceof`, and each walk along prototypes, runs the traps
 * of a Proxy that stands among them.
 */
import { isProxy } from "./platform.ts"

const { getPrototypeOf } = Object
const isAbove = Object.prototype.isPrototypeOf

/** The first Proxy among `first` and what that inherits from; null if there is none. */
export function proxyFrom(first: object | null): object | null {
  for (let at = first; at !== null; at = getPrototypeOf(at) as object | null) if (isProxy(at)) return at
  return null
}

/** Whether an object, or something that it inherits from, is a Proxy. */
export function leadsToProxy(object: object): boolean {
  return proxyFrom(object) !== null
}

/** As `value instanceof made`, but what is a Proxy or inherits from one is nothing of the kind. */
export function inherits<T extends object>(value: unknown, made: { readonly prototype: T }): value is T {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || leadsToProxy(value)) return false
  return isAbove.call(made.prototype, value)
}
