/**
 * Owns what V8 does in a `for-in`: which keys it lists at the start, and which of them still have their turn. Of a loop that
 * the engine runs, it makes seen what the engine would pass over in silence.
 */
import {
  append,
  create,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  isProxyKnown,
  isProxyLike,
  isSealed,
  isTypedArray,
  RealmProxy,
  reflectSetPrototype,
  ToString,
} from "./intrinsics.ts"

/** All keys at once, as the engine lists them. No code of the program runs, unless there is a Proxy. */
export function keysIn(object: object): string[] {
  const keys: string[] = []
  for (const key in object) append(keys, key)
  return keys
}

/** The keys one after another, by the engine's own loop: nobody else asks the traps of a Proxy as it does. */
export function* engineKeys(object: object): Generator<string, void> {
  for (const key in object) yield key
}

/** Whether listing or asking for a key may run traps; where no Proxy can be told from other objects, it always may. */
export function mayTrap(object: object): boolean {
  if (!isProxyKnown) return true
  for (let o: object | null = object; o !== null; o = getPrototypeOf(o)) if (isProxyLike(o)) return true
  return false
}

/**
 * Whether the key still is a property of the object or of a prototype. Whether it can still be enumerated is asked of a
 * Proxy only, as the engine does; behind the end of a typed array it looks for an index nowhere else.
 */
export function isThere(object: object, key: string): boolean {
  for (let o: object | null = object; o !== null; o = getPrototypeOf(o)) {
    const property = getOwnPropertyDescriptor(o, key)
    if (property !== undefined) return property.enumerable === true || !isProxyLike(o)
    if (isTypedArray(o) && isNumeric(key)) return false
  }
  return false
}

/** CanonicalNumericIndexString: what a typed array has as an element or not at all. */
function isNumeric(key: string): boolean {
  return ToString(+key) === key || key === "-0"
}

/** Has all keys there may be. Its handler inherits nothing: the program may have put traps on the prototype of all. */
const handler: ProxyHandler<object> = create(null)
const property: PropertyDescriptor = create(null)
property.value = undefined
property.writable = property.enumerable = property.configurable = true
handler.getOwnPropertyDescriptor = () => property
const everything: object = new RealmProxy(create(null), handler)

/** An object whose prototype was taken away, so that all keys are there. */
export interface Exposed {
  readonly object: object
  readonly prototype: object | null
}

/**
 * At its turn, the engine passes over a key that is not there, without a word; but one that was deleted may be back when its
 * turn would come. So that a loop that is to stop is given all that is left of its list, all keys are there meanwhile: behind
 * the first object, on the way from this one, that takes another prototype. Null if none does, or a Proxy stands before it.
 */
export function expose(object: object): Exposed | null {
  for (let o: object | null = object; o !== null; ) {
    const prototype = getPrototypeOf(o)
    if (reflectSetPrototype(o, everything)) return { object: o, prototype }
    if (prototype !== null && isProxyLike(prototype)) return null
    o = prototype
  }
  return null
}

/** Takes it back. Nothing of the program has run in between, and the engine gives the object its former map. */
export function conceal({ object, prototype }: Exposed): void {
  reflectSetPrototype(object, prototype)
}

/**
 * Whether a key may have been deleted of an object that cannot be exposed, and come back: on the prototype of all objects,
 * which takes properties and no other prototype, or on a Proxy.
 */
export function mayComeBack(object: object): boolean {
  if (isSealed(object)) return false
  for (let o: object | null = object; o !== null; o = getPrototypeOf(o))
    if (isProxyLike(o) || isExtensible(o)) return true
  return false
}
