/** Owns copying as others see it: one function, with a short way for what is small. */

import { Cloner } from "./cloner.ts"
import { explained } from "./explain.ts"
import { isPristine } from "./language.ts"
import { isProxy } from "./platform.ts"
import { pristine } from "./pristine.ts"
import { referenceOf } from "./references.ts"

/** As they were when this was loaded: programs may replace them. */
const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, isExtensible } = Object
const plainPrototype = Object.prototype

/** The copy of a flat object of primitives, which most arguments and results are; undefined for everything else. */
export function flatCopy(value: object): object | undefined {
  return isFlat(value) ? { ...value } : undefined
}

function isFlat(value: object): boolean {
  if (isProxy(value) || getPrototypeOf(value) !== plainPrototype || !isExtensible(value)) return false
  const names = getOwnPropertyNames(value)
  for (let i = 0; i < names.length; i++) {
    const property = getOwnPropertyDescriptor(value, names[i] as string) as PropertyDescriptor
    // an accessor is not writable: what the spread reads afterwards runs no code
    if (!property.writable || !property.enumerable || !property.configurable) return false
    const field: unknown = property.value
    const kind = typeof field
    if (kind === "object" ? field !== null : kind === "function" || kind === "symbol") return false
  }
  // whether it is registered is asked of a Map: under a program that has replaced something, it is no short way
  return getOwnPropertySymbols(value).length === 0 && isPristine() && referenceOf(value) === undefined
}

/**
 * Copies a value as handing it to another thread would: primitives, what is carried by reference, and plain objects
 * and arrays that are frozen all the way down are given back as they are. Fails with `NotPortableError`.
 */
export function clone<T>(value: T): T {
  if (typeof value === "object") {
    if (value === null) return value
    const copy = flatCopy(value)
    if (copy !== undefined) return copy as T
  } else if (typeof value !== "function" && typeof value !== "symbol") return value
  return pristine(() => cloneNow(value))
}

function cloneNow<T>(value: T): T {
  const cloner = new Cloner()
  try {
    return cloner.run(value) as T
  } catch (error) {
    throw explained(error, value, cloner)
  }
}
