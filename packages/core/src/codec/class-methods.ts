/**
 * Owns methods of classes at module level as values: they go by the name of their class and their own. They are looked
 * for only when nothing else is known of a function, so that classes need not tell of them.
 */
import { privateMethodsOf } from "../members.ts"
import { isProxy } from "./platform.ts"
import { findReference, type Reference, references } from "./references.ts"

const { getOwnPropertyDescriptor, getOwnPropertySymbols } = Object
const { apply, ownKeys } = Reflect
const { toString: sourceOf } = Function.prototype
/** Between the name of a class and that of its method; a private one is none of the two. */
const OF_INSTANCES = ".prototype."
const OF_CLASS = "."
const PRIVATE = "#"
/** How many dots a name is looked through for the class, which may lie in namespaces: forged names have any number. */
const NESTING = 64

/** What is known of methods, and at how many registrations all were looked through. */
const known = {
  byName: new Map<string, Reference>(),
  byValue: new WeakMap<object, Reference>(),
  changes: -1,
  privateChanges: -1,
}

/** The name of a function that is a method of a class of a compiled module. */
export function methodReferenceOf(fn: object): Reference | undefined {
  const { all, changes } = references()
  if (changes !== known.changes) for (const reference of all) enterClass(reference)
  known.changes = changes
  if (changes !== known.privateChanges && hasPrivateName(fn)) {
    for (const reference of references().all) enterPrivates(reference)
    known.privateChanges = changes
  }
  const found = known.byValue.get(fn)
  return found !== undefined && findMethodReference(found.name)?.value === fn ? found : undefined
}

/** The method that a class has by that name at present. */
export function findMethodReference(name: string): Reference | undefined {
  const found = ownerIn(name)
  if (found === undefined) return undefined
  const { owner, between, key } = found
  const made = owner.value as Class
  const value =
    between === PRIVATE
      ? privateMethodOf(made, key)
      : methodOf(between === OF_INSTANCES ? (made.prototype as object) : made, key)
  const old = known.byName.get(name)
  if (value === undefined || old?.value === value) return value === undefined ? undefined : old
  const reference: Reference = { name, value, url: owner.url }
  known.byName.set(name, reference)
  known.byValue.set(value, reference)
  return reference
}

/** The class that a method's name begins with, and what follows. */
function ownerIn(name: string): { owner: Reference; between: string; key: string } | undefined {
  const ends = /[.#]/g
  ends.lastIndex = name.indexOf("#") + 1
  for (let tries = 0; tries < NESTING; tries++) {
    const at = ends.exec(name)?.index
    if (at === undefined) return undefined
    const owner = findReference(name.slice(0, at))
    if (owner === undefined || !isClass(owner.value)) continue
    const between = name.startsWith(OF_INSTANCES, at) ? OF_INSTANCES : (name[at] as string)
    return { owner, between, key: name.slice(at + between.length) }
  }
  return undefined
}

/** Whether the name of a function is a private one: making a class tell what its private methods are costs an instance. */
export function hasPrivateName(fn: object): boolean {
  if (isProxy(fn)) return false
  const name: unknown = getOwnPropertyDescriptor(fn, "name")?.value
  return typeof name === "string" && name.startsWith("#")
}

/** The private method of that name in the text of a class. */
export function privateMethodOf(made: object, name: string): object | undefined {
  return getOwnPropertyDescriptor(privateMethodsOf(made), name)?.value
}

function isNamedClass({ name, value }: Reference): boolean {
  return name.includes("#") && isClass(value)
}

function enterClass(reference: Reference): void {
  const { name, value } = reference
  if (!isNamedClass(reference)) return
  const enter = (holder: object, between: string): void => {
    const keys = ownKeys(holder)
    // by index, here and below: the program may have taken the iterator of arrays away
    for (let i = 0; i < keys.length; i++) {
      const key = wordOf(keys[i] as PropertyKey)
      const property = propertyOf(holder, key)
      if (property?.get !== undefined) findMethodReference(`${name}${between}get ${key}`)
      if (property?.set !== undefined) findMethodReference(`${name}${between}set ${key}`)
      if (property !== undefined && "value" in property) findMethodReference(`${name}${between}${key}`)
    }
  }
  enter((value as { prototype: object }).prototype, OF_INSTANCES)
  enter(value as object, OF_CLASS)
}

function enterPrivates(reference: Reference): void {
  const { name, value } = reference
  if (!isNamedClass(reference)) return
  const keys = ownKeys(privateMethodsOf(value as object))
  for (let i = 0; i < keys.length; i++) findMethodReference(`${name}${PRIVATE}${String(keys[i])}`)
}

/**
 * A method, getter (`get key`) or setter. It has no prototype object of its own, which tells it from other functions that a
 * class may hold.
 */
function methodOf(holder: object, name: string): object | undefined {
  const accessor = /^(get|set) (.*)$/s.exec(name)
  const value: unknown =
    propertyOf(holder, name)?.value ??
    (accessor === null ? undefined : propertyOf(holder, accessor[2] as string)?.[accessor[1] as "get" | "set"])
  if (typeof value !== "function" || getOwnPropertyDescriptor(value, "prototype") !== undefined) return undefined
  return getOwnPropertyDescriptor(value, "name")?.value === name ? value : undefined
}

/** A key as the name of its method has it: `[Symbol.dispose]` of a symbol. */
function wordOf(key: PropertyKey): string {
  return typeof key === "symbol" ? `[${key.description}]` : String(key)
}

/**
 * The property of that key, by its word. Of several symbols with one description it is that of the first: it is the same on
 * all threads, which evaluate the same class, and the others are found not to be what their word leads to.
 */
function propertyOf(holder: object, word: string): PropertyDescriptor | undefined {
  const named = getOwnPropertyDescriptor(holder, word)
  if (named !== undefined || !word.startsWith("[")) return named
  const symbols = getOwnPropertySymbols(holder)
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] as symbol
    if (wordOf(symbol) === word) return getOwnPropertyDescriptor(holder, symbol)
  }
  return undefined
}

type Class = { readonly prototype: unknown } & object

/** A method that is called `class` begins like one, and has no prototype object. */
function isClass(value: unknown): value is Class {
  return (
    typeof value === "function" &&
    getOwnPropertyDescriptor(value, "prototype") !== undefined &&
    /^class\b/.test(apply(sourceOf, value, []) as string)
  )
}
