/**
 * Owns own properties: which an object has, and carrying them with their attributes.
 *
 * Nothing here runs code of the object: values come from descriptors or from properties known to be data.
 */
import { limitStacks } from "../stack-limit.ts"
import { Unportable } from "./errors.ts"
import {
  CLOSED,
  EXTENSIBLE,
  F_PROPERTIES,
  F_SHAPE,
  FROZEN,
  P_ACCESSOR,
  P_CONFIGURABLE,
  P_ENUMERABLE,
  P_STACK,
  P_WRITABLE,
  SEALED,
} from "./format.ts"
import { NO_KEYS } from "./plan.ts"
import { isProxy } from "./platform.ts"

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, isExtensible, isFrozen, isSealed } =
  Object

/** Objects with more keys than this are dictionaries, for which a shape would be learned in vain. */
export const SHAPE_LIMIT = 64

const stackOf = getOwnPropertyDescriptor(new Error(), "stack")?.get

/** What a function's own property `prototype` has for its value; undefined for all else. */
export function prototypeOf(fn: unknown): unknown {
  return typeof fn === "function" ? getOwnPropertyDescriptor(fn, "prototype")?.value : undefined
}

/** Whether a property is the engine's own accessor for the text of a stack. */
function isNativeStack(key: PropertyKey, descriptor: PropertyDescriptor): boolean {
  return key === "stack" && stackOf !== undefined && descriptor.get === stackOf
}

export function integrityOf(object: object): number {
  if (isExtensible(object)) return EXTENSIBLE
  return isFrozen(object) ? FROZEN : isSealed(object) ? SEALED : CLOSED
}

export function restrict(object: object, integrity: number): void {
  if (integrity === FROZEN) Object.freeze(object)
  else if (integrity === SEALED) Object.seal(object)
  else if (integrity === CLOSED) Object.preventExtensions(object)
}

/** Result of {@link survey}: one object that is used again, read at once. */
export const found: { flags: number; keys: readonly PropertyKey[] } = { flags: 0, keys: NO_KEYS }

/** Finds integrity and own keys of an object of properties; F_SHAPE if all of them are as ordinary as its integrity allows. */
export function survey(object: object): void {
  const names = getOwnPropertyNames(object)
  const symbols = getOwnPropertySymbols(object)
  const integrity = integrityOf(object)
  found.flags = integrity
  found.keys = names
  if (symbols.length > 0) {
    found.keys = [...names, ...symbols]
    found.flags |= F_PROPERTIES
    return
  }
  if (names.length === 0) return
  found.flags |= names.length <= SHAPE_LIMIT && ordinary(object, names, integrity) ? F_SHAPE : F_PROPERTIES
}

/** The keys of an object that can be extended and has nothing but ordinary properties, at least one; else null. */
export function plainNames(object: object): readonly string[] | null {
  const names = namesOf(object)
  return names !== null && isOrdinary(object, names) && !hasSymbols(object) ? names : null
}

/** The names of an object that may be plain; null if it has none or too many, or cannot be extended. */
export function namesOf(object: object): readonly string[] | null {
  const names = getOwnPropertyNames(object)
  const { length } = names
  return length === 0 || length > SHAPE_LIMIT || !isExtensible(object) ? null : names
}

/** Whether all of these properties are as those of a literal. */
export function isOrdinary(object: object, names: readonly string[]): boolean {
  return ordinary(object, names, EXTENSIBLE)
}

export function hasSymbols(object: object): boolean {
  return getOwnPropertySymbols(object).length > 0
}

function ordinary(object: object, names: readonly string[], integrity: number): boolean {
  const writable = integrity !== FROZEN
  const configurable = integrity < SEALED
  for (let i = 0; i < names.length; i++) {
    const descriptor = getOwnPropertyDescriptor(object, names[i] as string) as PropertyDescriptor
    if (
      descriptor.enumerable !== true ||
      descriptor.writable !== writable ||
      descriptor.configurable !== configurable
    ) {
      return false
    }
  }
  return true
}

/** Finds what an object of a kind with content of its own has besides: `own` are the keys that belong to its kind. */
export function surveyExtras(object: object, own?: (key: string) => boolean): void {
  const names = getOwnPropertyNames(object)
  const symbols = getOwnPropertySymbols(object)
  const extras = own === undefined ? names : names.filter(name => !own(name))
  found.keys = symbols.length === 0 ? extras : [...extras, ...symbols]
  found.flags = integrityOf(object) | (found.keys.length > 0 ? F_PROPERTIES : 0)
}

/** A property as its attributes and value, or getter and setter. */
export function propertyOf(object: object, key: PropertyKey): PropertyDescriptor {
  const descriptor = getOwnPropertyDescriptor(object, key)
  if (descriptor === undefined) throw new Unportable(object, "disappeared while it was read", key)
  return descriptor
}

/** Whether a getter and a setter are what is carried, instead of a value. */
export function isAccessor(attributes: number): boolean {
  return (attributes & P_ACCESSOR) !== 0
}

export function attributesOf(key: PropertyKey, descriptor: PropertyDescriptor): number {
  if (isNativeStack(key, descriptor)) return P_STACK
  return (
    (descriptor.writable === true ? P_WRITABLE : 0) |
    (descriptor.enumerable === true ? P_ENUMERABLE : 0) |
    (descriptor.configurable === true ? P_CONFIGURABLE : 0) |
    ("value" in descriptor ? 0 : P_ACCESSOR)
  )
}

/** The value behind {@link propertyOf}. */
export function valueBehind(object: object, key: PropertyKey, descriptor: PropertyDescriptor): unknown {
  return isNativeStack(key, descriptor) ? stackText(object) : descriptor.value
}

/** The engine writes that text when it is asked for, and a program's `Error.prepareStackTrace` in its place: it may throw. */
function stackText(error: object): unknown {
  try {
    return (error as { stack?: unknown }).stack
  } catch (cause) {
    throw new Unportable(error, "its text could not be written (Error.prepareStackTrace threw)", "stack", cause)
  }
}

/** Defines a property with those attributes; false if the object does not take it. Never assigns, so that no setter and no `__proto__` is reached. */
export function define(object: object, key: PropertyKey, value: unknown, attributes: number): boolean {
  if (attributes === P_STACK) return defineStack(object, value)
  // of an array, anything but a length throws
  if (key === "length" && Array.isArray(object) && !isLength(value)) return false
  return Reflect.defineProperty(object, key, {
    value,
    writable: (attributes & P_WRITABLE) !== 0,
    enumerable: (attributes & P_ENUMERABLE) !== 0,
    configurable: (attributes & P_CONFIGURABLE) !== 0,
  })
}

function isLength(value: unknown): boolean {
  return typeof value === "number" && value >>> 0 === value
}

/** Defines an accessor property; false if the object does not take it, or these are no functions. */
export function defineAccessor(
  object: object,
  key: PropertyKey,
  get: unknown,
  set: unknown,
  attributes: number,
): boolean {
  if (!isFunctionOrNone(get) || !isFunctionOrNone(set)) return false
  const enumerable = (attributes & P_ENUMERABLE) !== 0
  const configurable = (attributes & P_CONFIGURABLE) !== 0
  return Reflect.defineProperty(object, key, { get, set, enumerable, configurable } as PropertyDescriptor)
}

function isFunctionOrNone(value: unknown): boolean {
  return value === undefined || typeof value === "function"
}

const capture = (Error as { captureStackTrace?: (target: object) => void }).captureStackTrace

/** Restores the text of a stack in the engine's own property where there is one. */
function defineStack(object: object, value: unknown): boolean {
  const descriptor = getOwnPropertyDescriptor(object, "stack")
  if (descriptor === undefined && stackOf !== undefined && capture !== undefined) withoutStack(() => capture(object))
  const made = getOwnPropertyDescriptor(object, "stack")
  if (made !== undefined && isNativeStack("stack", made)) {
    ;(object as { stack?: unknown }).stack = value
    return true
  }
  return define(object, "stack", value, P_WRITABLE | P_CONFIGURABLE)
}

/** Runs `make` without the cost of capturing a stack that is replaced at once. */
export function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit
  limitStacks(0)
  try {
    return make()
  } finally {
    limitStacks(limit)
  }
}

/** Why a function that is neither compiled nor registered is refused. */
export function notPortableFunction(value: object): string {
  if (isProxy(value)) return "a Proxy is not portable"
  const name: unknown = getOwnPropertyDescriptor(value, "name")?.value
  const what = typeof name === "string" && name !== "" ? `function ${name}` : "an anonymous function"
  return `${what} is not portable (it is not registered, as those are whose module says "use fibers")`
}
