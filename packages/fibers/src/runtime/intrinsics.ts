/** Owns the intrinsics of this realm, as they were when the runtime was loaded. */

const generatorFunctionPrototype = Object.getPrototypeOf(function* () {})
const generatorPrototype: Generator = generatorFunctionPrototype.prototype
export const generatorNext: Generator["next"] = generatorPrototype.next
export const generatorReturn: Generator["return"] = generatorPrototype.return
export const generatorThrow: Generator["throw"] = generatorPrototype.throw

type NextOwner = { next: () => IteratorResult<unknown>; return?: unknown }
const prototypeOf = (iterator: object): NextOwner => Object.getPrototypeOf(iterator)

export const arrayValues: unknown = Array.prototype.values
export const typedArrayValues: (this: unknown) => Iterator<unknown> = Object.getPrototypeOf(Uint8Array.prototype).values
export const stringIterator: unknown = String.prototype[Symbol.iterator]
export const mapEntries: (this: unknown) => Iterator<unknown> = Map.prototype.entries
export const setValues: (this: unknown) => Iterator<unknown> = Set.prototype.values

export const arrayIteratorPrototype: NextOwner = prototypeOf([].values())
export const stringIteratorPrototype: NextOwner = prototypeOf(""[Symbol.iterator]())
export const mapIteratorPrototype: NextOwner = prototypeOf(new Map().entries())
export const setIteratorPrototype: NextOwner = prototypeOf(new Set().values())
export const arrayIteratorNext: NextOwner["next"] = arrayIteratorPrototype.next
export const stringIteratorNext: NextOwner["next"] = stringIteratorPrototype.next
export const mapIteratorNext: NextOwner["next"] = mapIteratorPrototype.next
export const setIteratorNext: NextOwner["next"] = setIteratorPrototype.next

const typedArrayTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined
export function isTypedArray(value: object): boolean {
  return Reflect.apply(typedArrayTag, value, []) !== undefined
}
