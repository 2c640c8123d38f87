/**
 * Owns iteration by compiled code (`for-of`, array patterns, spread): a cursor is the state of one iteration, as data.
 *
 * `next(m)` gives true with `value`, false at the end, or SUSPENDED; after a suspension it is called again and goes on.
 * `close(m)` and `abandon(m)` close the iterator after a normal and after a throwing completion, in the same manner.
 */
import { Adopt, SUSPENDED, THROW } from "@rove/core"
import { mayClose } from "./closing.ts"
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
  isConstant,
  isMap,
  isTypedArray,
  MAX_SAFE_INTEGER,
  mapEntries,
  mapIteratorNext,
  mapIteratorPrototype,
  mapKeys,
  mapSize,
  mapValues,
  max,
  min,
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
import { arrayIteratorAt } from "./iterators/arrays.ts"
import { makers } from "./iterators/origin.ts"
import { type Machine, PREEMPT } from "./machine.ts"
import { notFunction, notIterable } from "./not-iterable.ts"
import { isNext } from "./outliving.ts"
import { poll } from "./poll.ts"

// Imported constants are read through a cell at each use. Each kind has a method of its own, in which the engine sees
// one kind of iterator, and makes the step part of the loop.
const arrays = arrayIteratorPrototype
const maps = mapIteratorPrototype
const mapNext = mapIteratorNext
const sets = setIteratorPrototype
const setNext = setIteratorNext
const stringPrototype = stringIteratorPrototype
const stringNext = stringIteratorNext
const ofString = stringIterator
const ofArray = arrayValues
const applied = apply

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
  protected abstract native(reached: number): Iterator<unknown> | null
  close(_m?: Machine, reached = 0): Closed {
    const iterator = this.native(reached)
    if (iterator !== null) closeIterator(iterator)
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
  protected native(reached: number): Iterator<unknown> | null {
    // whoever reads the list asks for no element
    return mayClose(arrays) ? arrayIteratorAt(this.source, this.index === 0 ? reached : this.index) : null
  }
}

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
  override get text(): string | null {
    return this.source
  }
  /** So much of the string as the budget pays for: the loop gets to its end, unless it is left by the program. */
  override lend(budget: number): Iterable<unknown> | null {
    const { source, index } = this
    this.isLent =
      source !== null &&
      source[ITERATOR] === ofString &&
      stringPrototype.next === stringNext &&
      !mayClose(stringPrototype)
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
    if (mayClose(stringPrototype)) return false
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
  override close(m?: Machine, reached?: number): Closed {
    return this.isLent ? undefined : super.close(m, reached)
  }
  /** One of what is left of the string: nobody can tell that it began there. */
  protected native(reached: number): Iterator<unknown> | null {
    if (!mayClose(stringPrototype)) return null
    // who reads the text itself is told of a place that is farther
    return apply(stringIterator, substring(this.source ?? "", max(this.index, reached), MAX_SAFE_INTEGER), [])
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
    closeIterator(this.iterator as object)
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
  override lend(): Iterable<unknown> | null {
    this.isLent = !this.ended && this.isPristine && !mayClose(this.prototype)
    return this.isLent ? this : null
  }
  /** Asked by the loop that it is lent to: nothing that makes iterators iterable is asked. */
  [ITERATOR](): Iterator<unknown> {
    return this.iterator as Iterator<unknown>
  }
  override leave(): boolean {
    return !mayClose(this.prototype)
  }
  override close(): Closed {
    if (!this.isLent && mayClose(this.prototype)) closeIterator(this.visible() as object)
    return undefined
  }
  override more(): boolean {
    const result = apply(this.method as () => IteratorResult<unknown>, this.iterator, [])
    this.value = result.value
    if (result.done !== true) return true
    this.ended = true
    return false
  }
  protected abstract get prototype(): object
  /** Whether the engine steps the iterator as the cursor does. */
  protected abstract get isPristine(): boolean
  /** The iterator that the program would see. */
  protected visible(): Iterator<unknown> {
    return this.iterator as Iterator<unknown>
  }
}

/** Over a pristine Map. */
export class MapCursor extends CollectionCursor {
  protected get prototype(): object {
    return maps
  }
  protected get isPristine(): boolean {
    return maps.next === mapNext
  }
}

/** Steps what goes along with the keys of a Map as the language does, whatever the program has put there since. */
class InStep extends Adopt {
  readonly next = mapIteratorNext
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
  /** One of entries that stands where that of the keys does. */
  protected override visible(): Iterator<unknown> {
    const { source, iterator } = this
    const entries = apply(mapEntries, source, [])
    let behind = apply(mapSize, source, [])
    while (apply(mapIteratorNext, iterator, []).done !== true) behind--
    for (; behind > 0; behind--) apply(mapIteratorNext, entries, [])
    return entries
  }
}

/** An iterator of a Map's values, to be in step with one of its keys. */
export function valuesInStep(map: unknown): Iterator<unknown> {
  const values = apply(mapValues, map, [])
  new InStep(values)
  return values
}

/** The value beside a key that was just taken, of the iterator in step with that of the keys. */
export function second(values: Iterator<unknown>): unknown {
  return values.next().value
}

/** Over a pristine Set. */
export class SetCursor extends CollectionCursor {
  protected get prototype(): object {
    return sets
  }
  protected get isPristine(): boolean {
    return sets.next === setNext
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
    if (method === stringIterator) return overText(value)
  } else if (method === arrayValues) {
    if (isObject(value)) return overList(value as unknown[], applied(ofArray, value, []))
  } else if (method === typedArrayValues) {
    // throws unless it is a valid typed array
    return overList(value as unknown[], apply(typedArrayValues, value, []))
  } else if (method === mapEntries) {
    if (isConstant(maps, "next", mapIteratorNext))
      return inPairs ? overPairs(value) : new MapCursor(apply(mapEntries, value, []), mapIteratorNext, value as object)
  } else if (method === setValues) {
    if (isConstant(sets, "next", setIteratorNext))
      return new SetCursor(apply(setValues, value, []), setIteratorNext, value as object)
  }
  if (typeof method !== "function") throw notIterable(value, message)
  const iterator = made(value, method as () => Iterator<unknown>)
  if (!isObject(iterator)) throw new RealmTypeError("Result of the Symbol.iterator method is not an object")
  const next = iterator.next as unknown
  const computation = isNext(next) ? computationOf(iterator) : null
  return computation === null ? new IteratorCursor(iterator, next, null) : new ComputationCursor(iterator, computation)
}

function made(value: unknown, method: () => Iterator<unknown>): Iterator<unknown> {
  return (makers.get(method)?.(value, []) as Iterator<unknown> | null | undefined) ?? apply(method, value, [])
}

// The iterator that native code would make is asked for its `next`, as natively; the optimiser leaves out the rest of it.

function overText(text: string): Cursor {
  const { next } = applied(ofString, text, [])
  return next === stringNext ? new StringCursor(text) : new IteratorCursor(apply(stringIterator, text, []), next, null)
}

function overList(list: unknown[], iterator: Iterator<unknown>): Cursor {
  const { next } = iterator
  const isReadable = next === arrayIteratorNext && (isArray(list) || !isTypedArray(list) || hasPlainLength(list))
  return isReadable ? new ArrayCursor(list) : new IteratorCursor(made(list, arrayValues), next, null)
}

function overPairs(map: unknown): Cursor {
  if (!isMap(map)) apply(mapEntries, map, []) // throws
  return new PairsCursor(apply(mapKeys, map, []), valuesInStep(map), map as object)
}
