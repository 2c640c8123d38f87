/**
 * Owns what a fiber holds for others: values under keys that only their owner has, and what is called at its end. Both come out
 * of records too, and are used only if they are what their owners say.
 */
import type { Fits } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import type { Homes } from "./homes.ts"

type IsOurs = (value: object) => boolean

/** Where a record is gone on with: the fiber has another inbox there, and is known anew. */
type Resumed = (value: unknown, fiber: FiberState, homes: Homes) => void

const keys = new Map<unknown, Fits>()
const resumed = new Map<unknown, Resumed>()
const keyKinds: IsOurs[] = []
const endings: IsOurs[] = []

/** What fibers have under that key, and what becomes of it where a record is gone on with. */
export function registerLocal(key: object, fits: Fits, then?: Resumed): void {
  keys.set(key, fits)
  if (then !== undefined) resumed.set(key, then)
}
/** The fiber of a record is known here from now on. */
export function goesOn(fiber: FiberState, homes: Homes): void {
  for (const [key, value] of fiber.context.extra?.locals ?? []) resumed.get(key)?.(value, fiber, homes)
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
