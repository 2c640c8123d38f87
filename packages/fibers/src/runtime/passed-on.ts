/**
 * Owns iterator results that pass through a generator of compiled code unchanged, as `yield*` hands them on.
 *
 * Compiled code has asked such a result whether it is done. The native generator that stands before it asks once more,
 * and a getter would run twice: it is answered by an accessor of ours, which puts back what was there before anybody
 * else can look.
 */
import {
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  isProxyLike,
  reflectDefine,
} from "./intrinsics.ts"

/** The same object, whose next reading of `done` gives false and runs nothing of the program. */
export function passedOn(result: object): object {
  if (!runsCode(result)) return result
  const own = getOwnPropertyDescriptor(result, "done")
  if (own === undefined ? !isExtensible(result) : own.configurable !== true) return result
  reflectDefine(result, "done", {
    __proto__: null,
    configurable: true,
    get: () => {
      if (own === undefined) deleteProperty(result, "done")
      else reflectDefine(result, "done", own)
      return false
    },
  } as object)
  return result
}

/** Whether reading `done` could be noticed. Of a Proxy nothing can be hidden, so nothing is tried. */
function runsCode(result: object): boolean {
  for (let at: object | null = result; at !== null; at = getPrototypeOf(at)) {
    if (isProxyLike(at)) return at !== result
    const found = getOwnPropertyDescriptor(at, "done")
    if (found !== undefined) return found.get !== undefined
  }
  return false
}
