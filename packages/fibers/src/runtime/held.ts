/**
 * Owns what a fiber holds for others: values under keys that only their owner has, and what is called at its end. Both come out
 * of records too, and are used only if they are what their owners say.
 */
import type { Fits } from "@rove/core"

type IsOurs = (value: object) => boolean

const keys = new Map<unknown, Fits>()
const keyKinds: IsOurs[] = []
const endings: IsOurs[] = []

/** What fibers have under that key. */
export function registerLocal(key: object, fits: Fits): void {
  keys.set(key, fits)
}
/** Keys under which any value may be. */
export function registerLocals(isKey: IsOurs): void {
  keyKinds.push(isKey)
}
/** What has a method that is called at the end of a fiber. */
export function registerEndings(isEnding: IsOurs): void {
  endings.push(isEnding)
}

export function fitsUnder(key: unknown, value: unknown): boolean {
  const fits = keys.get(key)
  if (fits !== undefined) return fits(value)
  return typeof key === "object" && key !== null && keyKinds.some(isKey => isKey(key))
}
export function isCalledAtEnd(what: unknown): boolean {
  return typeof what === "function" || (typeof what === "object" && what !== null && endings.some(is => is(what)))
}
