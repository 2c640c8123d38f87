/**
 * Owns iterators of arrays, typed arrays and array-likes: `values`, `keys` and `entries`.
 *
 * The iterator is one of the language, over a Proxy that nobody sees. It says that there always is a next element until
 * there is none, and gives what belongs to our own index; the index of the native one does not matter.
 */
import { isNatural, isObject, oneOf, orNull, registerKind } from "@rove/core"
import {
  apply,
  arrayIteratorNext,
  arrayValues,
  elementsOf,
  getPrototypeOf,
  isTypedArray,
  MAX_SAFE_INTEGER,
  min,
  RealmProxy,
  ToObject,
  trunc,
  typedArrayValues,
} from "../intrinsics.ts"
import { asObjects, makers, originOf, withOrigin } from "./origin.ts"

const KINDS = ["values", "keys", "entries"] as const
type ArrayKind = (typeof KINDS)[number]

class ArrayOrigin {
  /** Null at its end, which no later element undoes. */
  source: ArrayLike<unknown> | null
  kind: ArrayKind
  index: number
  constructor(source: ArrayLike<unknown> | null, kind: ArrayKind, index: number) {
    this.source = source
    this.kind = kind
    this.index = index
  }
  /** The length that the native iterator is to see. */
  left(): number {
    if (this.source === null) return 0
    if (this.index < lengthOf(this.source)) return Number.POSITIVE_INFINITY
    this.source = null
    return 0
  }
  take(): unknown {
    const index = this.index++
    if (this.kind === "keys") return index
    const element = (this.source as ArrayLike<unknown>)[index]
    return this.kind === "values" ? element : [index, element]
  }
}

function lengthOf(source: ArrayLike<unknown>): number {
  if (isTypedArray(source)) {
    const count = elementsOf(source)
    // a typed array that lost its buffer is an error, which the native iterator knows best
    if (count === 0) apply(arrayIteratorNext, apply(arrayValues, source, []), [])
    return count
  }
  const whole = trunc(+source.length)
  return whole > 0 ? min(whole, MAX_SAFE_INTEGER) : 0
}

const handler: ProxyHandler<ArrayOrigin> = {
  get: (origin, key) => (key === "length" ? origin.left() : origin.take()),
}

function over(origin: ArrayOrigin): Iterator<unknown> {
  const iterator = apply(arrayValues, new RealmProxy(origin, handler), [])
  return withOrigin(iterator, origin)
}

/** One of values that stands in front of that element; null: at its end. */
export function arrayIteratorAt(source: ArrayLike<unknown> | null, index: number): Iterator<unknown> {
  return over(new ArrayOrigin(source, "values", index))
}

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as Record<ArrayKind, unknown>
for (const kind of KINDS) {
  makers.set(Array.prototype[kind], self =>
    self === null || self === undefined ? null : over(new ArrayOrigin(ToObject(self) as ArrayLike<unknown>, kind, 0)),
  )
  makers.set(typedArrayPrototype[kind], self => {
    apply(typedArrayValues, self, []) // throws unless it is a valid typed array
    return over(new ArrayOrigin(self as ArrayLike<unknown>, kind, 0))
  })
}

registerKind<object, { source: unknown; kind: string; index: number }>({
  name: "rove.array-iterator",
  ...asObjects,
  test: value => originOf(value) instanceof ArrayOrigin,
  take(iterator) {
    const { source, kind, index } = originOf(iterator) as ArrayOrigin
    return { source, kind, index }
  },
  fields: { source: orNull(isObject), kind: oneOf(...KINDS), index: isNatural },
  allocate: () => over(new ArrayOrigin([], "values", 0)) as object,
  fill(iterator, { source, kind, index }) {
    const origin = originOf(iterator) as ArrayOrigin
    origin.source = source as ArrayLike<unknown> | null
    origin.kind = kind as ArrayKind
    origin.index = index
    if (source === null) apply(arrayIteratorNext, iterator, [])
  },
})
