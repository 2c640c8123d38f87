/**
 * Owns iterations in records: which classes compiled code keeps in its own locals, what these can hold, and how a private
 * iterator of a Map or Set is carried.
 */
import {
  anything,
  atLeast,
  Computation,
  DECODE,
  ENCODE,
  either,
  type Fields,
  instance,
  isFunction,
  isList,
  isNatural,
  isNumber,
  isObject,
  isText,
  isTruth,
  isUndefined,
  listOf,
  nothing,
  orNone,
  orNull,
  plain,
  registerOwnClass,
  registerRole,
} from "@rove/core"
import { ComputationCursor } from "./computation-cursor.ts"
import { ArrayCursor, IteratorCursor, MapCursor, PairsCursor, SetCursor, StringCursor, valuesInStep } from "./cursor.ts"
import { Taker } from "./emitted.ts"
import { engineKeys } from "./enumeration.ts"
import { EntriesCursor, Gather, GatheringCursor } from "./gather.ts"
import {
  apply,
  isMap,
  isSafeInteger,
  isSet,
  mapEntries,
  mapIteratorNext,
  mapKeys,
  mapSize,
  min,
  setIteratorNext,
  setSize,
  setValues,
} from "./intrinsics.ts"
import { KeysCursor } from "./keys.ts"
import { NativeKeys, ProxyKeys } from "./native-keys.ts"
import { Resources } from "./resources.ts"

/**
 * The private iterator of a Map or Set moves as the number of entries that lie behind it: what is left is counted by
 * running it to its end, and a fresh one takes its place (exact, because entries keep the order of insertion).
 */
interface Iterated {
  source: object | null
  behind: number
  iterator: unknown
  method: unknown
  polled: boolean
  value: unknown
}

Object.defineProperties(IteratorCursor.prototype, {
  [ENCODE]: {
    value(this: IteratorCursor): Iterated {
      const { source, polled, value } = this
      if (source === null) return { source, behind: 0, iterator: this.iterator, method: this.method, polled, value }
      let left = 0
      const next = this instanceof MapCursor ? mapIteratorNext : setIteratorNext
      while ((apply(next, this.iterator, []) as IteratorResult<unknown>).done !== true) left++
      const behind = this.ended ? -1 : sizeOf(source) - left
      advance(this, source, behind)
      return { source, behind, iterator: null, method: null, polled, value }
    },
  },
  [DECODE]: {
    value(this: IteratorCursor, state: Iterated): void {
      this.polled = state.polled
      this.value = state.value
      this.source = state.source
      if (state.source !== null) advance(this, state.source, state.behind)
      else {
        this.iterator = state.iterator as Iterator<unknown>
        this.method = state.method
      }
    },
  },
})

function sizeOf(source: object): number {
  return apply(isMap(source) ? mapSize : setSize, source, [])
}

/** A fresh private iterator with that many entries behind it; -1: at its end, which no later entry undoes. */
function advance(cursor: IteratorCursor, source: object, behind: number): void {
  const size = sizeOf(source)
  const steps = behind < 0 ? size + 1 : min(behind, size)
  const next = isMap(source) ? mapIteratorNext : setIteratorNext
  const begin = (iterator: Iterator<unknown>): Iterator<unknown> => {
    for (let i = 0; i < steps; i++) apply(next, iterator, [])
    return iterator
  }
  const isInPairs = cursor instanceof PairsCursor
  cursor.iterator = begin(apply(isInPairs ? mapKeys : isMap(source) ? mapEntries : setValues, source, []))
  if (isInPairs) cursor.values = begin(valuesInStep(source))
  cursor.method = next
}

const position = { value: anything, index: isNatural, polled: isTruth }
registerOwnClass("rove.ArrayCursor", ArrayCursor, { ...position, source: orNull(isObject) })
registerOwnClass("rove.StringCursor", StringCursor, {
  ...position,
  source: orNull(isText),
  isLent: orNone(isTruth),
  begin: orNone(isNatural),
  paid: orNone(isSafeInteger),
})
registerOwnClass("rove.ComputationCursor", ComputationCursor, {
  value: anything,
  iterator: isObject,
  computation: instance(Computation),
  waiting: isTruth,
})

/** Over such a source, or over an iterator that the program has. */
function iterated(isSource: (source: unknown) => boolean, others: boolean): Fields<Iterated> {
  return {
    source: source => isSource(source) || (others && source === null),
    behind: behind => isSafeInteger(behind) && (behind as number) >= -1,
    iterator: orNull(isObject),
    method: anything,
    polled: isTruth,
    value: anything,
  }
}
registerOwnClass("rove.IteratorCursor", IteratorCursor, iterated(either(isMap, isSet), true))
registerOwnClass("rove.MapCursor", MapCursor, iterated(isMap, false))
registerOwnClass("rove.PairsCursor", PairsCursor, iterated(isMap, false))
registerOwnClass("rove.SetCursor", SetCursor, iterated(isSet, false))

const cursors = [ArrayCursor, StringCursor, ComputationCursor, IteratorCursor, MapCursor, PairsCursor, SetCursor]
/** What iterates by itself. */
const isCursor = instance(...cursors)
/** Patterns have no more names than that: so many places are filled at once. */
const MANY = 1 << 20
const count = either(
  value => isNumber(value) && Number.isInteger(value) && Math.abs(value as number) < MANY,
  value => value === Number.POSITIVE_INFINITY,
)

Object.defineProperty(KeysCursor.prototype, ENCODE, {
  value(this: KeysCursor): object {
    this.list()
    const { value, object, keys, index, polled, engine } = this
    return { value, object, keys, index, polled, engine }
  },
})
Object.defineProperty(KeysCursor.prototype, DECODE, {
  value(this: KeysCursor, state: KeysCursor): void {
    Object.assign(this, state)
  },
})
/** By reference at most: it cannot be made again. */
const engine = orNull(instance(engineKeys))
registerOwnClass("rove.KeysCursor", KeysCursor, {
  value: either(isText, isUndefined),
  object: orNull(isObject),
  keys: listOf(isText),
  index: isNatural,
  polled: isTruth,
  engine,
})
registerOwnClass("rove.NativeKeys", NativeKeys, {
  over: isObject,
  object: isObject,
  list: orNull(listOf(isText)),
  at: isNatural,
  stopping: isTruth,
  left: orNull(listOf(isText)),
  first: atLeast(-1),
  exposed: orNull(nothing),
})
registerOwnClass("rove.ProxyKeys", ProxyKeys, {
  over: isObject,
  object: isObject,
  engine,
  stopping: isTruth,
})
registerOwnClass("rove.Taker", Taker, { cursor: isCursor, done: isTruth, value: anything, collected: orNull(isList) })
registerOwnClass("rove.Gather", Gather, {
  cursor: isCursor,
  count,
  list: isList,
  holes: listOf(isNatural),
  done: isTruth,
  closing: isTruth,
})
const gathering = {
  value: anything,
  count,
  holes: either(isUndefined, listOf(isNatural)),
  current: orNull(instance(Gather)),
  failure: orNull(plain({ error: anything })),
  entry: orNull(plain({ list: anything })),
}
registerOwnClass("rove.GatheringCursor", GatheringCursor, { ...gathering, inner: isCursor })
registerOwnClass("rove.EntriesCursor", EntriesCursor, { ...gathering, inner: instance(PairsCursor) })
registerOwnClass("rove.Resources", Resources, { list: listOf(plain({ value: anything, method: isFunction })) })

registerRole("$cursor", instance(...cursors, GatheringCursor, EntriesCursor))
// null until the loop of the engine stops
registerRole("$keys", orNull(instance(KeysCursor, NativeKeys, ProxyKeys)))
registerRole("$taker", instance(Taker))
registerRole("$gather", instance(Gather))
registerRole("$resources", instance(Resources))
registerRole("$source", orNull(isObject))
registerRole("$index", isNatural)
registerRole("$kind", isNumber)
