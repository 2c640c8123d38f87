/**
 * Owns what the fields of our own objects may hold. Bytes from outside may put anything there, and the runtime calls what
 * it finds: so each class, kind and code of ours says of each field what fits, and decoding asks.
 *
 * None of these runs code of what it is asked about.
 */
/** Whether a value can be what a field holds. */
export type Fits = (value: unknown) => boolean

/** The fields of an object of ours, all of them. */
export type Fields<T = Readonly<Record<string, unknown>>> = { readonly [K in keyof T]-?: Fits }

const { getPrototypeOf, getOwnPropertyDescriptor, hasOwn } = Object
const { ownKeys } = Reflect
const { isSafeInteger } = Number

/** A value of the program's. */
export const anything: Fits = () => true
/** Nothing that a record can hold: what stands there never leaves its thread. */
export const nothing: Fits = () => false
export const isText: Fits = value => typeof value === "string"
export const isTruth: Fits = value => typeof value === "boolean"
export const isNumber: Fits = value => typeof value === "number" && !Number.isNaN(value)
/** A count, or a place in a list. */
export const isNatural: Fits = value => isSafeInteger(value) && (value as number) >= 0
export const isFunction: Fits = value => typeof value === "function"
export const isObject: Fits = value => (typeof value === "object" && value !== null) || typeof value === "function"
/** An array as a literal makes it: without holes, which could be billions, and without a name that could hide a method. */
export const isList: Fits = value =>
  Array.isArray(value) && getPrototypeOf(value) === Array.prototype && ownKeys(value).length === value.length + 1
export const isUndefined: Fits = value => value === undefined

/** A number of that much or more; with a `most`, of no more. */
export function atLeast(least: number, most: number = Number.POSITIVE_INFINITY): Fits {
  return value => typeof value === "number" && value >= least && value <= most
}
export function oneOf(...values: readonly unknown[]): Fits {
  return value => values.includes(value)
}
export function orNull(fits: Fits): Fits {
  return value => value === null || fits(value)
}
/** A field that need not be there. */
export function orNone(fits: Fits): Fits {
  const optional: Fits = value => value === undefined || fits(value)
  OPTIONAL.add(optional)
  return optional
}
const OPTIONAL = new WeakSet<Fits>()
export function either(...all: readonly Fits[]): Fits {
  return value => all.some(fits => fits(value))
}
/** Of that very class: what inherits from it could have methods of its own. */
export function instance(...made: readonly { readonly prototype: object }[]): Fits {
  const prototypes: readonly (object | null)[] = made.map(({ prototype }) => prototype)
  return value => typeof value === "object" && value !== null && prototypes.includes(getPrototypeOf(value))
}
export function listOf(fits: Fits): Fits {
  return value => isList(value) && ownValues(value as readonly unknown[]).every(fits)
}
/** A plain object with these fields, and perhaps others. */
export function plain<T>(fields: Fields<T>): Fits {
  return value =>
    typeof value === "object" &&
    value !== null &&
    getPrototypeOf(value) === Object.prototype &&
    misfitOf(fields, value) === null
}

/** The elements, without running a getter. */
function ownValues(list: readonly unknown[]): unknown[] {
  return Object.values(Object.getOwnPropertyDescriptors(list))
    .slice(0, -1)
    .map(own => ("value" in own ? own.value : GETTER))
}
const GETTER = Symbol("a getter")

/** The first of these fields that holds something else than it can; null if there is none. A getter is no value. */
export function misfitOf<T>(fields: Fields<T>, object: object): string | null {
  for (const name in fields) {
    if (!hasOwn(fields, name)) break // what the program put on the prototype of all objects comes last
    const own = getOwnPropertyDescriptor(object, name)
    if (own === undefined ? !OPTIONAL.has(fields[name]) : !("value" in own && fields[name](own.value))) return name
  }
  return null
}

/** As `misfitOf`, of an object that has these fields and no other: what it has beside them could hide a method. */
export function misfitOfAll<T>(fields: Fields<T>, object: object): string | null {
  for (const name of ownKeys(object)) if (!hasOwn(fields, name)) return String(name)
  for (const name in fields) if (hasOwn(fields, name) && !hasOwn(object, name)) return name
  return misfitOf(fields, object)
}
