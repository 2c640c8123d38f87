/**
 * Owns iteration by compiled code (`for-of`, array patterns, spread): a cursor is the state of one iteration, as data.
 *
 * `next(m)` gives true with `value`, false at the end, or SUSPENDED; after a suspension it is called again and goes on.
 * `close(m)` and `abandon(m)` close the iterator after a normal and after a throwing completion, in the same manner.
 */
import { SUSPENDED, THROW } from "@rove/core"
import { ComputationCursor } from "./computation-cursor.ts"
import { closeIterator, isObject } from "./delegate.ts"
import { computationOf } from "./generator.ts"
import {
  apply,
  arrayIteratorNext,
  arrayIteratorPrototype,
  arrayValues,
  codePoint,
  hasOwn,
  hasPlainLength,
  ITERATOR,
  isArray,
  isTypedArray,
  iteratorItself,
  MAX_SAFE_INTEGER,
  mapEntries,
  mapIteratorNext,
  mapIteratorPrototype,
  mapKeys,
  mapValues,
  max,
  min,
  RealmMap,
  RealmSet,
  RealmTypeError,
  setIteratorNext,
  setIteratorPrototype,
  setValues,
  stringIterator,
  stringIteratorNext,
  stringIteratorPrototype,
  substring,
  ToString,
  trunc,
  typedArrayValues,
} from "./intrinsics.ts"
import { type Closed, Cursor, type More } from "./iteration.ts"
import { makers } from "./iterators/origin.ts"
import { type Machine, PREEMPT } from "./machine.ts"
import { notFunction, notIterable } from "./not-iterable.ts"
import { isNext } from "./outliving.ts"
import { poll } from "./poll.ts"

// Imported constants are read through a cell at each use. Each kind has a method of its own, in which the engine sees
// one kind of iterator, and makes the step part of the loop.
const mapPrototype = mapIteratorPrototype
const mapNext = mapIteratorNext
const setPrototype = setIteratorPrototype
const setNext = setIteratorNext
const stringPrototype = stringIteratorPrototype
const stringNext = stringIteratorNext

/** A pristine array, typed array or string: source and position. A null source is an exhausted iteration. */
abstract class IndexCursor<T extends object | string> extends Cursor {
  declare source: T | null
  declare index: number
  declare polled: boolean
  constructor(source: T | null) {
    super()
    this.source = source
    this.index = 0
    this.polled = false
  }
  next(m: Machine): More {
    if (this.polled) {
      this.polled = false
      if (m.kind === THROW) throw m.value
    } else if (--m.budget < (m.due[0] as number) && poll(m)) {
      this.polled = true
      m.signal = PREEMPT
      return SUSPENDED
    }
    return this.more()
  }
  more(): boolean {
    if (this.source !== null && this.read(this.source)) return true
    this.source = null
    this.value = undefined
    return false
  }
  override get quick(): boolean {
    return true
  }
  protected abstract read(source: T): boolean
  /** The iterator object that native code would close; asked for only if somebody gave its prototype a `return`. */
  protected abstract native(): Iterator<unknown> | null
  close(): Closed {
    const iterator = this.native()
    if (iterator !== null) closeIterator(iterator as never)
    return undefined
  }
}

/** LengthOfArrayLike. */
function lengthOf(source: ArrayLike<unknown>): number {
  const { length } = source
  return typeof length === "number" && (length | 0) === length
    ? length
    : min(max(trunc(+length) || 0, 0), MAX_SAFE_INTEGER)
}

export class ArrayCursor extends IndexCursor<readonly unknown[]> {
  override get list(): ArrayLike<unknown> | null {
    const source = this.source as readonly unknown[]
    return isArray(source) || (isTypedArray(source) && !hasOwn(source, "length")) ? source : null
  }
  protected read(source: readonly unknown[]): boolean {
    const i = this.index
    if (i >= lengthOf(source)) {
      this.exhaust()
      return false
    }
    this.value = source[i]
    this.index = i + 1
    return true
  }
  /** There is no further element: of a typed array that was detached this is an error. */
  exhaust(): void {
    const { source } = this
    if (isArray(source) || source === null) return
    if (isTypedArray(source) && source.length === 0) apply(typedArrayValues, source, [])
  }
  protected native(): Iterator<unknown> | null {
    return arrayIteratorPrototype.return === undefined ? null : (this.source ?? [])[ITERATOR]()
  }
}

/** Whether String Iterators have nothing that closes them. */
const isOpen = (): boolean => !("return" in stringPrototype)

export class StringCursor extends IndexCursor<string> {
  /** The engine closes the iterator. */
  declare private isLent: boolean
  /** Where what was lent begins, and the budget then. */
  declare private begin: number
  declare private paid: number
  constructor(source: string | null) {
    super(source)
    this.isLent = false
    this.begin = 0
    this.paid = 0
  }
  // not the one of all: what is read there is of several kinds
  override more(): boolean {
    if (this.source !== null && this.read(this.source)) return true
    this.source = null
    this.value = undefined
    return false
  }
  protected read(source: string): boolean {
    const i = this.index
    if (i >= source.length) return false
    const point = codePoint(source, i)
    this.value = point > 0xffff ? substring(source, i, i + 2) : source[i]
    this.index = i + (point > 0xffff ? 2 : 1)
    return true
  }
  /** So much of the string as the budget pays for: the loop gets to its end, unless it is left by the program. */
  override lend(budget: number): Iterable<unknown> | null {
    const { source, index } = this
    this.isLent =
      source !== null && source[ITERATOR] === stringIterator && stringPrototype.next === stringNext && isOpen()
    if (source === null || !this.isLent) return null
    this.begin = index
    this.paid = budget
    const end = index + max(budget, 0) + 1
    if (index === 0 && end >= source.length) {
      this.index = source.length
      return source
    }
    // a pair is one round
    const isSplit = end < source.length && codePoint(source, end - 1) > 0xffff
    const part = substring(source, index, isSplit ? end + 1 : end)
    this.index = index + part.length
    return part
  }
  /** Where the loop stands: as many characters behind the beginning as were paid for; at the end, if the budget is used up. */
  override leave(budget: number): boolean {
    if (!isOpen()) return false
    if (budget < 0) return true
    const source = this.source as string
    const end = this.index
    this.index = this.begin
    for (let rounds = this.paid - budget; rounds > 0 && this.index < end; rounds--)
      this.index += codePoint(source, this.index) > 0xffff ? 2 : 1
    return true
  }
  override get rest(): boolean {
    return this.source !== null && this.index < this.source.length
  }
  override close(): Closed {
    return this.isLent ? undefined : super.close()
  }
  protected native(): Iterator<unknown> | null {
    return stringIteratorPrototype.return === undefined ? null : (this.source ?? "")[ITERATOR]()
  }
}

/** Any other iterator, through its protocol. `source` is set where nobody else sees it; see below. */
export class IteratorCursor extends Cursor {
  declare iterator: Iterator<unknown> | null
  declare method: unknown
  declare source: object | null
  declare polled: boolean
  /** Its end was seen, which no later entry undoes. */
  declare ended: boolean
  constructor(iterator: Iterator<unknown> | null, method: unknown, source: object | null) {
    super()
    this.iterator = iterator
    this.method = method
    this.source = source
    this.polled = false
    this.ended = false
  }
  next(m: Machine, wanted = true): More {
    if (this.polled) {
      this.polled = false
      if (m.kind === THROW) throw m.value
    } else if (--m.budget < (m.due[0] as number) && poll(m)) {
      this.polled = true
      m.signal = PREEMPT
      return SUSPENDED
    }
    if (typeof this.method !== "function") throw notFunction(this.method)
    const result = apply(this.method as () => unknown, this.iterator, [])
    if (!isObject(result)) throw new RealmTypeError(`Iterator result ${ToString(result)} is not an object`)
    if ((result as IteratorResult<unknown>).done) {
      this.value = undefined
      this.ended = true
      return false
    }
    this.value = wanted ? (result as IteratorResult<unknown>).value : undefined
    return true
  }
  more(m: Machine): More {
    return this.next(m)
  }
  close(): Closed {
    closeIterator(this.iterator as never)
    return undefined
  }
}

/** Over a pristine Map or Set: the iterator is the language's, and nobody else has it. */
abstract class CollectionCursor extends IteratorCursor {
  /** The engine closes the iterator. */
  declare private isLent: boolean
  constructor(iterator: Iterator<unknown> | null, method: unknown, source: object | null) {
    super(iterator, method, source)
    this.isLent = false
  }
  override get quick(): boolean {
    return true
  }
  /** Whether the engine steps the iterator as the cursor does. */
  protected abstract get isPristine(): boolean
  override lend(): Iterable<unknown> | null {
    const iterator = this.iterator as IterableIterator<unknown>
    this.isLent = !this.ended && this.isPristine && iterator[ITERATOR] === iteratorItself && !("return" in iterator)
    return this.isLent ? iterator : null
  }
  override leave(): boolean {
    return !("return" in (this.iterator as object))
  }
  override close(): Closed {
    return this.isLent ? undefined : super.close()
  }
}

/** Over a pristine Map. */
export class MapCursor extends CollectionCursor {
  override more(): boolean {
    const iterator = this.iterator as Iterator<unknown>
    const result = mapPrototype.next === mapNext ? iterator.next() : apply(mapNext, iterator, [])
    this.value = result.value
    if (result.done !== true) return true
    this.ended = true
    return false
  }
  protected get isPristine(): boolean {
    return mapPrototype.next === mapNext
  }
}

/**
 * Over a pristine Map whose entries are taken apart: keys, and values in step with them. The iterator of entries would
 * make an array for each, which the engine does not optimize away.
 */
export class PairsCursor extends MapCursor {
  declare values: Iterator<unknown> | null
  constructor(keys: Iterator<unknown> | null, values: Iterator<unknown> | null, source: object | null) {
    super(keys, mapIteratorNext, source)
    this.values = values
  }
  override next(m: Machine): More {
    const more = super.next(m)
    if (more === true) this.value = [this.value, second(this.values as Iterator<unknown>)]
    return more
  }
  override more(): boolean {
    if (!super.more()) return false
    this.value = [this.value, second(this.values as Iterator<unknown>)]
    return true
  }
}

/** The value beside a key that was just taken, of the iterator in step with that of the keys. */
export function second(values: Iterator<unknown>): unknown {
  const result = mapPrototype.next === mapNext ? values.next() : apply(mapNext, values, [])
  return result.value
}

/** Over a pristine Set. */
export class SetCursor extends CollectionCursor {
  override more(): boolean {
    const iterator = this.iterator as Iterator<unknown>
    const result = setPrototype.next === setNext ? iterator.next() : apply(setNext, iterator, [])
    this.value = result.value
    if (result.done !== true) return true
    this.ended = true
    return false
  }
  protected get isPristine(): boolean {
    return setPrototype.next === setNext
  }
}

/** Begins an iteration as GetIterator does; a pristine array, typed array or string gets no iterator object at all. */
export function iterate(value: unknown, message?: string): Cursor {
  return begun(value, message, false)
}

/** The same, where both parts of a Map's entries are wanted, and not the entries. */
export function iteratePairs(value: unknown, message: string): Cursor {
  return begun(value, message, true)
}

function begun(value: unknown, message: string | undefined, inPairs: boolean): Cursor {
  if (value === null || value === undefined) throw notIterable(value, message)
  const method = (value as Iterable<unknown>)[ITERATOR] as unknown
  if (typeof value === "string") {
    if (method === stringIterator && stringIteratorPrototype.next === stringIteratorNext) return new StringCursor(value)
  } else if (method === arrayValues || method === typedArrayValues) {
    if (arrayIteratorPrototype.next === arrayIteratorNext && (method === arrayValues ? isObject(value) : true)) {
      if (method === typedArrayValues) apply(typedArrayValues, value, []) // throws unless it is a valid typed array
      const source = value as unknown[]
      if (isArray(source) || !isTypedArray(source) || hasPlainLength(source)) return new ArrayCursor(source)
    }
  } else if (method === mapEntries && value instanceof RealmMap && mapIteratorPrototype.next === mapIteratorNext)
    return inPairs
      ? new PairsCursor(apply(mapKeys, value, []), apply(mapValues, value, []), value)
      : new MapCursor(apply(mapEntries, value, []), mapIteratorNext, value)
  else if (method === setValues && value instanceof RealmSet && setIteratorPrototype.next === setIteratorNext)
    return new SetCursor(apply(setValues, value, []), setIteratorNext, value)
  return cursorOf(value, method, message)
}

function cursorOf(value: unknown, method: unknown, message: string | undefined): Cursor {
  if (typeof method !== "function") throw notIterable(value, message)
  const iterator = (makers.get(method)?.(value, []) ?? apply(method, value, [])) as Iterator<unknown>
  if (!isObject(iterator)) throw new RealmTypeError("Result of the Symbol.iterator method is not an object")
  const next = iterator.next as unknown
  const computation = isNext(next) ? computationOf(iterator) : null
  return computation === null ? new IteratorCursor(iterator, next, null) : new ComputationCursor(iterator, computation)
}
