/** Owns the intrinsics of this realm, as they were when the runtime was loaded: programs may replace or delete them. */

export const {
  apply,
  construct: reflectConstruct,
  defineProperty: reflectDefine,
  deleteProperty,
  get: reflectGet,
  ownKeys,
  set: reflectSet,
  setPrototypeOf: reflectSetPrototype,
} = Reflect
export const {
  create,
  defineProperty,
  getOwnPropertyDescriptor,
  getOwnPropertyDescriptors,
  getPrototypeOf,
  isExtensible,
  isSealed,
  hasOwn,
  keys,
  setPrototypeOf,
} = Object
export const { max, min, trunc } = Math
export const { isSafeInteger, MAX_SAFE_INTEGER } = Number
export const { isArray } = Array
export const ToObject: (value: unknown) => object = Object
export const ToString: (value: unknown) => string = String
export const RealmTypeError: TypeErrorConstructor = TypeError
export const RealmSuppressedError: typeof SuppressedError = SuppressedError
export const RealmProxy: ProxyConstructor = Proxy
/** The key of iteration. */
export const ITERATOR: typeof Symbol.iterator = Symbol.iterator
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose
export const arrayPrototype: unknown[] = Array.prototype
export const objectPrototype: object = Object.prototype
export const arrayPush: typeof Array.prototype.push = Array.prototype.push
const { charCodeAt, codePointAt, slice: stringSlice } = String.prototype

/** Sets an element behind the last one; programs may have put setters, constants and proxies on the prototypes of arrays. */
export function append(list: unknown[], value: unknown): void {
  const i = list.length
  if (getPrototypeOf(arrayPrototype) !== objectPrototype || i in arrayPrototype) define(list, i, value)
  else list[i] = value
}
export function define(object: object, key: PropertyKey, value: unknown): void {
  defineProperty(object, key, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as object)
}
/** A new array of this realm with the elements from a place on. */
export function sliced(list: ArrayLike<unknown>, from: number): unknown[] {
  const result: unknown[] = []
  for (let i = from; i < list.length; i++) append(result, list[i])
  return result
}
export function includes(list: readonly unknown[], value: unknown): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === value) return true
  return false
}
export function codePoint(text: string, at: number): number {
  return apply(codePointAt, text, [at]) as number
}
/**
 * The same, but half a pair is not looked behind. Bound, because loops of compiled code ask for each character: the array that
 * `apply` takes is optimised away in some processes, and not in others, where such a loop took twice as long.
 */
export const codeUnit: (text: string, at: number) => number = apply(Function.prototype.bind, Function.prototype.call, [
  charCodeAt,
])
/** What a String Iterator gives at a place: one unit, or a pair. */
export function character(text: string, at: number): string {
  return substring(text, at, at + (codePoint(text, at) > 0xffff ? 2 : 1))
}
/** What a String Iterator gives. */
export function codePoints(text: string): string[] {
  const points: string[] = []
  for (let i = 0; i < text.length; ) {
    const next = i + (codePoint(text, i) > 0xffff ? 2 : 1)
    append(points, substring(text, i, next))
    i = next
  }
  return points
}
export function substring(text: string, from: number, to: number): string {
  return apply(stringSlice, text, [from, to])
}

const generatorFunctionPrototype = getPrototypeOf(function* () {})
export const generatorPrototype: Generator = generatorFunctionPrototype.prototype
export const generatorNext: Generator["next"] = generatorPrototype.next
export const generatorReturn: Generator["return"] = generatorPrototype.return
export const generatorThrow: Generator["throw"] = generatorPrototype.throw

type NextOwner = { next: () => IteratorResult<unknown>; return?: unknown }
const prototypeOf = (iterator: object): NextOwner => getPrototypeOf(iterator)

export const arrayValues: (this: unknown) => Iterator<unknown> = Array.prototype.values
export const typedArrayValues: (this: unknown) => Iterator<unknown> = getPrototypeOf(Uint8Array.prototype).values
export const stringIterator: (this: unknown) => IterableIterator<unknown> = String.prototype[Symbol.iterator]
export const mapEntries: (this: unknown) => Iterator<unknown> = Map.prototype.entries
export const mapKeys: (this: unknown) => Iterator<unknown> = Map.prototype.keys
export const mapValues: (this: unknown) => Iterator<unknown> = Map.prototype.values
export const setValues: (this: unknown) => Iterator<unknown> = Set.prototype.values

export const arrayIteratorPrototype: NextOwner = prototypeOf([].values())
export const stringIteratorPrototype: NextOwner = prototypeOf(""[Symbol.iterator]())
export const mapIteratorPrototype: NextOwner = prototypeOf(new Map().entries())
export const setIteratorPrototype: NextOwner = prototypeOf(new Set().values())
export const iteratorPrototype: Iterable<unknown> = getPrototypeOf(mapIteratorPrototype)
export const arrayIteratorNext: NextOwner["next"] = arrayIteratorPrototype.next
export const stringIteratorNext: NextOwner["next"] = stringIteratorPrototype.next
export const mapIteratorNext: NextOwner["next"] = mapIteratorPrototype.next
export const setIteratorNext: NextOwner["next"] = setIteratorPrototype.next

/** Whether a property is what it is without running code of the program, and that is the value. */
export function isConstant(home: object, key: PropertyKey, value: unknown): boolean {
  return getOwnPropertyDescriptor(home, key)?.value === value
}

export const mapSize: (this: unknown) => number = sizeOf(Map.prototype)
export const setSize: (this: unknown) => number = sizeOf(Set.prototype)
function sizeOf(home: object): (this: unknown) => number {
  return getOwnPropertyDescriptor(home, "size")?.get as (this: unknown) => number
}
export const isMap = (value: unknown): value is Map<unknown, unknown> => answers(mapSize, value)
export const isSet = (value: unknown): value is Set<unknown> => answers(setSize, value)
function answers(method: (this: unknown) => unknown, self: unknown): boolean {
  try {
    apply(method, self, [])
    return true
  } catch {
    return false
  }
}

const typedArrayPrototype: object = getPrototypeOf(Uint8Array.prototype)
const typedArrayLength = getOwnPropertyDescriptor(typedArrayPrototype, "length")?.get as (this: unknown) => number
/** How many elements a typed array has, whatever its property `length` says. */
export function elementsOf(typedArray: object): number {
  return apply(typedArrayLength, typedArray, [])
}
/** Whether the `length` of a typed array says how many elements it has. All loops ask, so no descriptor is made for it. */
export function hasPlainLength(typedArray: ArrayLike<unknown>): boolean {
  const home: object | null = getPrototypeOf(typedArray)
  return (
    home !== null &&
    getPrototypeOf(home) === typedArrayPrototype &&
    !hasOwn(typedArray, "length") &&
    typedArray.length === elementsOf(typedArray)
  )
}

const typedArrayTag = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as (
  this: unknown,
) => string | undefined
export function isTypedArray(value: object): boolean {
  return apply(typedArrayTag, value, []) !== undefined
}

export const isView: (value: unknown) => boolean = ArrayBuffer.isView
const bufferOf = getOwnPropertyDescriptor(typedArrayPrototype, "buffer")?.get as (this: unknown) => unknown
const resizable = getOwnPropertyDescriptor(ArrayBuffer.prototype, "resizable")?.get as (this: unknown) => boolean
/** Whether it is a typed array whose last elements may go, and come back. */
export function isResizable(view: object): boolean {
  if (!isTypedArray(view)) return false
  try {
    return apply(resizable, apply(bufferOf, view, []), [])
  } catch {
    return false // shared memory never shrinks
  }
}

const proxyCheck = (
  globalThis as { process?: { getBuiltinModule?(name: string): { types: { isProxy(value: unknown): boolean } } } }
).process?.getBuiltinModule?.("node:util").types.isProxy
/** Whether a Proxy can be told from other objects: looking at one would run its traps. */
export const isProxyKnown: boolean = proxyCheck !== undefined
/** Whether it is a Proxy, where that can be found out. */
export const isProxyLike: (value: object) => boolean = proxyCheck ?? (() => false)

/** What `f.call` is. */
export const { call: functionCall } = Function.prototype
