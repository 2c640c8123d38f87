/** Owns what became of the prototype object that a function was made with: what was added to it is carried with the function. */
import { type Closure, type Shape, stampOf } from "../../code.ts"
import { Unportable } from "../errors.ts"
import { isProxy } from "../platform.ts"
import { isInOrder } from "./key-order.ts"
import { natureOf } from "./natures.ts"

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object

/** What making the function again does not give its prototype object. */
export interface Changes {
  readonly prototype: object
  readonly keys: readonly PropertyKey[]
  /** Whether something stands in front of what it was made with: then these are all keys, and what it is made with goes first. */
  readonly reordered: boolean
  /** What it inherits from instead of what it was made with; undefined if that is unchanged. */
  readonly base: object | null | undefined
}

/** The changes of the prototype object of a function or class; null if there are none, or it has another one. */
export function changesOf(closure: Closure): Changes | null {
  const fn = closure.fn as object
  const prototype: unknown = getOwnPropertyDescriptor(fn, "prototype")?.value
  if (!isOwnPrototype(closure, prototype)) return null
  const shape = closure.shape ?? shapeOfFunction(fn, prototype)
  const all = Reflect.ownKeys(prototype)
  const made = Reflect.ownKeys(shape.prototype)
  const reordered = !isInOrder(all, made)
  const isOther = (key: PropertyKey) =>
    !isSame(getOwnPropertyDescriptor(prototype, key), shape.prototype[key as string])
  const keys = reordered ? all : all.filter(isOther)
  const missing = made.find(key => !Object.hasOwn(prototype, key))
  const isLost = closure.code.kind === "class" && !isKnownBy(prototype, fn)
  if (missing !== undefined || isLost || !isExtensible(prototype))
    throw new Unportable(fn, `${closure.code.name} has a prototype object that was changed, and is not portable`)
  const base = getPrototypeOf(prototype) as object | null
  const heir = base !== shape.base || extendsReplaced(fn)
  return keys.length > 0 || heir ? { prototype, keys, reordered, base: heir ? base : undefined } : null
}

/** Takes away what a prototype object was made with. */
export function clear(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) Reflect.deleteProperty(prototype, key)
}

/**
 * Whether a class extends a function that was given another prototype object: whether it has that before the class is made
 * again depends on what came first.
 */
function extendsReplaced(made: object): boolean {
  const closure = extendedBy(made)
  if (closure === null) return false
  const own = getOwnPropertyDescriptor(closure.fn, "prototype")
  return own !== undefined && !isOwnPrototype(closure, own.value)
}

/** The ordinary function of compiled code that a class extends, if it does one. */
export function extendedBy(made: object): Closure | null {
  const extended: unknown = getPrototypeOf(made)
  const closure = typeof extended === "function" ? stampOf(extended) : undefined
  return closure?.code.kind === "function" ? closure : null
}

/** Whether the prototype object is that which the function was made with, or stands for it. */
export function isOwnPrototype(closure: Closure, prototype: unknown): prototype is object {
  if (typeof prototype !== "object" || prototype === null || isProxy(prototype)) return false
  if (stampOf(prototype) === closure || closure.code.kind === "class") return true
  if (isKnownBy(prototype, closure.fn)) return isConstructor(closure)
  // of an async generator function
  return getPrototypeOf(prototype) === asyncGenerators && Reflect.ownKeys(prototype).length === 0
}

/** Whether it says whose prototype object it is, as the language has it say so: what is written as a literal can be listed. */
function isKnownBy(prototype: object, made: unknown): boolean {
  const own = getOwnPropertyDescriptor(prototype, "constructor")
  return own !== undefined && own.value === made && own.enumerable === false
}

/** Whether it is made with a prototype object that has it as constructor. Arrows and generators may be given one. */
function isConstructor(closure: Closure): boolean {
  // nothing is made of a class, whose static blocks would run
  if (closure.code.kind !== "function") return false
  // the build takes no property by name from what has any
  const { prototype } = natureOf(closure)
  return getOwnPropertyDescriptor(prototype?.value ?? {}, "constructor") !== undefined
}

const asyncGenerators = getPrototypeOf(async function* () {}.prototype) as object
const generators = getPrototypeOf(function* () {}.prototype) as object

/** What an ordinary function's prototype object is made with; a generator function's has nothing. */
function shapeOfFunction(fn: object, prototype: object): Omit<Shape, "extended"> {
  if (!Object.hasOwn(prototype, "constructor")) {
    const base = getPrototypeOf(prototype) as object | null
    return { own: {}, prototype: {}, base: base === asyncGenerators ? asyncGenerators : generators }
  }
  const made = { value: fn, writable: true, enumerable: false, configurable: true }
  return { own: {}, prototype: { constructor: made }, base: Object.prototype }
}

/** A static property of a class that it was not made with, or not in that place. */
export function stateOf({ fn, shape }: Closure): PropertyKey | undefined {
  const made = fn as object
  if (shape === null) return undefined
  const all = Reflect.ownKeys(made)
  const other = all.find(key => !isSame(getOwnPropertyDescriptor(made, key), shape.own[key as string]))
  if (other !== undefined) return other
  // taken away and given back as it was
  const first = Reflect.ownKeys(shape.own)
  return all.find((key, i) => key !== first[i])
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    Object.is(a.value, b.value) &&
    a.get === b.get &&
    a.set === b.set &&
    a.writable === b.writable &&
    a.enumerable === b.enumerable &&
    a.configurable === b.configurable
  )
}
