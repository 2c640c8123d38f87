/**
 * Owns what `Iterator.from(x)` gives for iterators that do not inherit from `Iterator.prototype`: the language's wrapper,
 * around something that leads to the iterator.
 */
import { anything, registerKind } from "@rove/core"
import { isObject } from "../delegate.ts"
import { apply, ITERATOR, RealmTypeError, ToString } from "../intrinsics.ts"
import { asObjects, first, makers, originOf, withOrigin } from "./origin.ts"

type AnyIterator = Iterator<unknown> & { [key: string]: unknown }
interface IteratorClass {
  readonly prototype: object
  from(value: unknown): object
}
const made = (globalThis as { Iterator?: IteratorClass }).Iterator
const from = made?.from

class WrappedOrigin {
  iterator: AnyIterator
  next: unknown
  constructor(iterator: AnyIterator, next: unknown) {
    this.iterator = iterator
    this.next = next
  }
}

function over(origin: WrappedOrigin): object {
  const source = {
    next: () => apply(origin.next as () => unknown, origin.iterator, []),
    get return() {
      const method = origin.iterator.return as unknown
      return method === undefined || method === null
        ? undefined
        : () => apply(method as () => unknown, origin.iterator, [])
    },
  }
  const wrapper = apply(from as (value: unknown) => object, made, [{ [ITERATOR]: () => source }])
  return withOrigin(wrapper, origin)
}

if (made !== undefined) {
  makers.set(from, (_, args) => {
    const value = first(args)
    if (!isObject(value)) return null
    const method = (value as Iterable<unknown>)[ITERATOR] as unknown
    const iterator =
      method === undefined || method === null
        ? value
        : (makers.get(method)?.(value, []) ?? apply(method as () => unknown, value, []))
    if (!isObject(iterator)) throw new RealmTypeError(`${ToString(iterator)} is not an object`)
    const { next } = iterator as AnyIterator
    if (Object.prototype.isPrototypeOf.call(made.prototype, iterator as object)) return iterator as object
    return over(new WrappedOrigin(iterator as AnyIterator, next))
  })
}

registerKind<object, { iterator: unknown; next: unknown }>({
  name: "rove.wrapped-iterator",
  ...asObjects,
  test: value => originOf(value) instanceof WrappedOrigin,
  take(wrapper) {
    const { iterator, next } = originOf(wrapper) as WrappedOrigin
    return { iterator, next }
  },
  fields: { iterator: isObject, next: anything },
  allocate: () => over(new WrappedOrigin({} as AnyIterator, undefined)),
  fill(wrapper, { iterator, next }) {
    Object.assign(originOf(wrapper) as WrappedOrigin, { iterator, next })
  },
})
