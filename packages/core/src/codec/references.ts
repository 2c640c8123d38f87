/**
 * Owns what is carried by name instead of by content: registered functions, classes, constants and symbols.
 *
 * Both threads register the same names when they evaluate the same modules; a record only ever holds the name.
 */
import { RoveError } from "../errors.ts"

export interface Reference {
  readonly name: string
  readonly value: unknown
  /** Where to import the module that registers it; empty if nothing needs to be imported. */
  readonly url: string
}

const byName = new Map<string, Reference>()
const byValue = new Map<unknown, Reference>()
/** How often something was registered, and how often an object that is no function: hardly any program has such. */
const registered = { times: 0, objects: 0 }

/**
 * Registers `value` (a function, class, object or symbol) under a name that is the same on every thread, so that
 * records refer to it. A module that is evaluated again replaces what it registered.
 */
export function registerReference(name: string, value: unknown, url = ""): void {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function"
  if (!isObject && typeof value !== "symbol") {
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `registerReference("${name}"): only functions, classes, objects and symbols have an identity to refer to`,
    )
  }
  const old = byName.get(name)
  if (old !== undefined && byValue.get(old.value) === old) byValue.delete(old.value)
  const reference: Reference = { name, value, url }
  byName.set(name, reference)
  byValue.set(value, reference)
  registered.times++
  if (typeof value === "object") registered.objects++
}

/** All that is registered, and how often something was: whether it is the same as before. */
export function references(): { readonly all: Iterable<Reference>; readonly changes: number } {
  return { all: byName.values(), changes: registered.times }
}

/** Registers `value` and returns it. */
export function byReference<T>(name: string, value: T): T {
  registerReference(name, value)
  return value
}

export function referenceOf(value: unknown): Reference | undefined {
  if (typeof value === "object" && registered.objects === 0) return undefined
  return byValue.get(value)
}

export function findReference(name: string): Reference | undefined {
  return byName.get(name)
}

/** A method of a class: gives the plain state of an instance. With {@link DECODE} it makes the class portable. */
export const ENCODE: unique symbol = Symbol.for("rove.encode")
/** A method of a class: fills an instance, which was made without running the constructor (or by {@link ALLOCATE}), from that state. */
export const DECODE: unique symbol = Symbol.for("rove.decode")
/** A static method of a class: makes an instance to be filled; needed where private fields must exist. */
export const ALLOCATE: unique symbol = Symbol.for("rove.allocate")
