/** Owns copying as others see it: one function, with a short way for what is small. */

import { Cloner } from "./cloner.ts"
import { explained } from "./explain.ts"
import { isProxy } from "./platform.ts"
import { pristine } from "./pristine.ts"
import { referenceOf } from "./references.ts"

/** The copy of a flat object of primitives, which most arguments and results are; undefined for everything else. */
function flatCopy(value: object): object | undefined {
  if (
    isProxy(value) ||
    Object.getPrototypeOf(value) !== Object.prototype ||
    !Object.isExtensible(value) ||
    referenceOf(value) !== undefined
  )
    return undefined
  const names = Object.getOwnPropertyNames(value)
  const copy: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    const descriptor = Object.getOwnPropertyDescriptor(value, name) as PropertyDescriptor
    const field: unknown = descriptor.value
    const kind = typeof field
    if (
      descriptor.writable !== true ||
      descriptor.enumerable !== true ||
      descriptor.configurable !== true ||
      (kind === "object" && field !== null) ||
      kind === "function" ||
      kind === "symbol" ||
      name in copy
    ) {
      return undefined
    }
    copy[name] = field
  }
  return Object.getOwnPropertySymbols(value).length > 0 ? undefined : copy
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
