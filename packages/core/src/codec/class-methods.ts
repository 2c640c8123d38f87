/**
 * Owns methods of classes at module level as values: they go by the name of their class and their own. They are looked
 * for only when nothing else is known of a function, so that classes need not tell of them.
 */
import { findReference, type Reference, references } from "./references.ts"

const { getOwnPropertyDescriptor } = Object
const { ownKeys } = Reflect
/** Between the name of a class and that of its method. */
const OF_INSTANCES = ".prototype."
const OF_CLASS = "."

/** What is known of methods, and at how many registrations all were looked through. */
const known = { byName: new Map<string, Reference>(), byValue: new WeakMap<object, Reference>(), changes: -1 }

/** The name of a function that is a method of a class of a compiled module. */
export function methodReferenceOf(fn: object): Reference | undefined {
  const { all, changes } = references()
  if (changes !== known.changes) for (const reference of all) enterClass(reference)
  known.changes = changes
  const found = known.byValue.get(fn)
  return found !== undefined && findMethodReference(found.name)?.value === fn ? found : undefined
}

/** The method that a class has by that name at present. */
export function findMethodReference(name: string): Reference | undefined {
  const hash = name.indexOf("#")
  const at = name.indexOf(OF_CLASS, hash)
  const owner = hash === -1 || at === -1 ? undefined : findReference(name.slice(0, at))
  if (owner === undefined || !isClass(owner.value)) return undefined
  const isOfInstances = name.startsWith(OF_INSTANCES, at)
  const holder: object = isOfInstances ? (owner.value.prototype as object) : owner.value
  const value = methodOf(holder, name.slice(at + (isOfInstances ? OF_INSTANCES : OF_CLASS).length))
  const old = known.byName.get(name)
  if (value === undefined || old?.value === value) return value === undefined ? undefined : old
  const reference: Reference = { name, value, url: owner.url }
  known.byName.set(name, reference)
  known.byValue.set(value, reference)
  return reference
}

function enterClass({ name, value }: Reference): void {
  if (!name.includes("#") || name.includes(OF_CLASS, name.indexOf("#")) || !isClass(value)) return
  const enter = (holder: object, between: string): void => {
    for (const key of ownKeys(holder)) if (typeof key === "string") findMethodReference(`${name}${between}${key}`)
  }
  enter(value.prototype as object, OF_INSTANCES)
  enter(value, OF_CLASS)
}

/** A method has no prototype object of its own, which tells it from other functions that a class may hold. */
function methodOf(holder: object, key: string): object | undefined {
  const value: unknown = getOwnPropertyDescriptor(holder, key)?.value
  if (typeof value !== "function" || getOwnPropertyDescriptor(value, "prototype") !== undefined) return undefined
  return getOwnPropertyDescriptor(value, "name")?.value === key ? value : undefined
}

function isClass(value: unknown): value is { readonly prototype: unknown } & object {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value))
}
