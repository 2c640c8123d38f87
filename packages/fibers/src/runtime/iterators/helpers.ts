/**
 * Owns what the methods of iterators give: `map`, `filter`, `take`, `drop` and `flatMap`.
 *
 * The program gets an iterator helper of the language, which maps every value to itself. The values come from a source of
 * ours that does what the method says, with its state as data.
 */
import { anything, atLeast, isFunction, isNatural, isTruth, oneOf, orNull, plain, registerKind } from "@rove/core"
import { closeIterator, isObject } from "../delegate.ts"
import { apply, getPrototypeOf, ITERATOR, RealmTypeError, ToString, trunc } from "../intrinsics.ts"
import { asObjects, first, makers, originOf, withOrigin } from "./origin.ts"

type Result = IteratorResult<unknown>
type AnyIterator = Iterator<unknown> & { [key: string]: unknown }
const KINDS = ["map", "filter", "take", "drop", "flatMap"] as const
type HelperKind = (typeof KINDS)[number]
type Fn = (value: unknown, index: number) => unknown

const END: Result = { value: undefined, done: true }

/** An iterator and its `next`, which is looked up once. */
interface Stepped {
  readonly iterator: AnyIterator
  readonly next: unknown
}

class HelperOrigin {
  kind: HelperKind
  under: Stepped
  fn: Fn | null
  /** Calls of `fn` so far. */
  count = 0
  /** What `take` still gives, or `drop` still leaves out. */
  left: number
  /** What `flatMap` is going through. */
  inner: Stepped | null = null
  ended = false
  constructor(kind: HelperKind, under: Stepped, fn: Fn | null, left: number) {
    this.kind = kind
    this.under = under
    this.fn = fn
    this.left = left
  }

  /** The source's `next`: whatever ends it by a throw ends it for good. */
  next(): Result {
    if (this.ended) return END
    this.ended = true
    const result = this.step()
    this.ended = result.done === true
    return result
  }

  private step(): Result {
    switch (this.kind) {
      case "take":
        return this.take()
      case "drop":
        return this.drop()
      case "flatMap":
        return this.flatten()
    }
    for (;;) {
      const result = stepOf(this.under)
      if (result === END) return END
      const mapped = this.call(result.value)
      if (this.kind === "map") return { value: mapped, done: false }
      if (mapped) return result
    }
  }

  private take(): Result {
    if (this.left === 0) {
      closeIterator(this.under.iterator)
      return END
    }
    this.left--
    return stepOf(this.under)
  }

  private drop(): Result {
    for (; this.left > 0; this.left--) if (stepOf(this.under, false) === END) return END
    return stepOf(this.under)
  }

  private flatten(): Result {
    for (;;) {
      if (this.inner === null) {
        const result = stepOf(this.under)
        if (result === END) return END
        this.inner = this.guarded(() => innerOf(apply(this.fn as Fn, undefined, [result.value, this.count++])))
      }
      const inner = this.inner
      const result = this.guarded(() => stepOf(inner))
      if (result !== END) return result
      this.inner = null
    }
  }

  private call(value: unknown): unknown {
    return this.guarded(() => apply(this.fn as Fn, undefined, [value, this.count++]))
  }

  /** Closes what lies beneath if `run` throws, and throws that. */
  private guarded<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      try {
        closeIterator(this.under.iterator)
      } catch {
        // the first error counts
      }
      throw error
    }
  }

  close(): Result {
    this.ended = true
    const { inner } = this
    this.inner = null
    if (inner !== null) this.guarded(() => closeIterator(inner.iterator))
    closeIterator(this.under.iterator)
    return END
  }
}

/** One step; END at the end. The value is not asked for if nobody wants it. */
function stepOf({ iterator, next }: Stepped, wanted = true): Result {
  const result = apply(next as () => Result, iterator, [])
  if (!isObject(result)) throw new RealmTypeError(`Iterator result ${ToString(result)} is not an object`)
  if (result.done) return END
  return wanted ? { value: result.value, done: false } : result
}

/** GetIteratorFlattenable, for which a string is no iterator. */
function innerOf(value: unknown): Stepped {
  if (!isObject(value)) throw new RealmTypeError("Iterator.prototype.flatMap called on non-object")
  const method = (value as Iterable<unknown>)[ITERATOR] as unknown
  const iterator =
    method === undefined || method === null
      ? value
      : (makers.get(method)?.(value, []) ?? (apply(method as () => unknown, value, []) as unknown))
  if (!isObject(iterator)) throw new RealmTypeError(`${ToString(iterator)} is not an object`)
  return { iterator: iterator as AnyIterator, next: (iterator as AnyIterator).next }
}

const proto = (globalThis as { Iterator?: { prototype: Record<HelperKind, Fn> } }).Iterator?.prototype
const map = proto?.map as (this: object, fn: (value: unknown) => unknown) => object
const same = (value: unknown): unknown => value
const helperNext: (() => Result) | undefined =
  proto === undefined ? undefined : (getPrototypeOf(apply(map, proto, [same])) as Iterator<unknown>).next

function over(origin: HelperOrigin): object {
  const source = { next: () => origin.next(), return: () => origin.close() }
  return withOrigin(apply(map, source, [same]), origin)
}

/** What the method is given, as the method takes it; null if it would refuse it. */
function made(kind: HelperKind, self: unknown, given: unknown): object | null {
  if (!isObject(self)) return null
  let left = 0
  if (kind === "take" || kind === "drop") {
    // converting could run code of the program, twice
    if (typeof given !== "number" || !(given >= 0 || given > -1)) return null
    left = trunc(given) + 0
  } else if (typeof given !== "function") return null
  const iterator = self as AnyIterator
  return over(
    new HelperOrigin(kind, { iterator, next: iterator.next }, typeof given === "function" ? (given as Fn) : null, left),
  )
}

if (proto !== undefined)
  for (const kind of KINDS) makers.set(proto[kind], (self, args) => made(kind, self, first(args)))

interface Parts {
  kind: string
  iterator: unknown
  next: unknown
  fn: unknown
  count: number
  left: number
  inner: object | null
  ended: boolean
}

registerKind<object, Parts>({
  name: "rove.iterator-helper",
  ...asObjects,
  test: value => originOf(value) instanceof HelperOrigin,
  take(helper) {
    const { kind, under, fn, count, left, inner, ended } = originOf(helper) as HelperOrigin
    if (ended) return { kind, iterator: {}, next: null, fn: null, count, left, inner: null, ended }
    return { kind, iterator: under.iterator, next: under.next, fn, count, left, inner, ended }
  },
  fields: {
    kind: oneOf(...KINDS),
    iterator: isObject,
    next: anything,
    fn: orNull(isFunction),
    count: isNatural,
    left: atLeast(0),
    inner: orNull(plain({ iterator: isObject, next: anything })),
    ended: isTruth,
  },
  holds: ({ kind, fn, ended }) => ended || (fn === null) === (kind === "take" || kind === "drop"),
  allocate: () => over(new HelperOrigin("take", { iterator: {} as AnyIterator, next: undefined }, null, 0)),
  fill(helper, { kind, iterator, next, fn, count, left, inner, ended }) {
    const origin = originOf(helper) as HelperOrigin
    Object.assign(origin, { kind, under: { iterator, next }, fn, count, left, inner, ended })
    if (origin.ended) apply(helperNext as () => Result, helper, [])
  },
})
