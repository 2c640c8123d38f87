/**
 * Owns how the runtime's own objects become part of a record: generator objects, cursors, delegates, the sentinels of
 * compiled code.
 */
import { type Computation, DECODE, ENCODE, registerKind, registerReference } from "@rove/core"
import { ComputationCursor } from "./computation-cursor.ts"
import { ArrayCursor, IteratorCursor, MapCursor, SetCursor, StringCursor } from "./cursor.ts"
import { Aliased, NONE, Taker, TDZ } from "./emitted.ts"
import "./iterators/index.ts"
import { EntriesCursor, Gather, GatheringCursor } from "./gather.ts"
import { computationOf, proceed } from "./generator.ts"
import {
  apply,
  getPrototypeOf,
  isExtensible,
  mapEntries,
  mapIteratorNext,
  min,
  RealmMap,
  RealmSet,
  setIteratorNext,
  setPrototypeOf,
  setValues,
} from "./intrinsics.ts"
import { KeysCursor, NativeKeys } from "./keys.ts"
import { isOutliving } from "./outliving.ts"
import { Resources } from "./resources.ts"

registerReference("rove.TDZ", TDZ)
registerReference("rove.NONE", NONE)
registerReference("rove.ArrayCursor", ArrayCursor)
registerReference("rove.StringCursor", StringCursor)
registerReference("rove.ComputationCursor", ComputationCursor)
registerReference("rove.IteratorCursor", IteratorCursor)
registerReference("rove.MapCursor", MapCursor)
registerReference("rove.SetCursor", SetCursor)
registerReference("rove.KeysCursor", KeysCursor)
registerReference("rove.NativeKeys", NativeKeys)
registerReference("rove.Taker", Taker)
registerReference("rove.Gather", Gather)
registerReference("rove.GatheringCursor", GatheringCursor)
registerReference("rove.EntriesCursor", EntriesCursor)
registerReference("rove.Resources", Resources)

registerKind<Aliased, object>({
  name: "rove.aliased",
  test: value => value instanceof Aliased,
  refuse: () =>
    'a parameter that shares its value with `arguments` is not portable: say "use strict", or copy what is needed',
  take: () => ({}),
  allocate: () =>
    new Aliased(
      () => undefined,
      () => {},
    ),
})

/** A generator object that is being decoded: its native body looks here when it first runs. */
interface Box {
  computation: Computation | null
}
const boxes = new WeakMap<object, Box>()

function* shell(box: Box): Generator<unknown, unknown, unknown> {
  return yield* proceed(box.computation as Computation) as Generator<unknown, unknown, unknown>
}

/** What generator objects of its function inherit from. */
function prototypeFor(computation: Computation | null): object | null {
  const prototype: unknown = (computation?.of.fn as { prototype?: unknown } | null | undefined)?.prototype
  return typeof prototype === "object" ? prototype : null
}

registerKind<object, { computation: Computation | null }>({
  name: "rove.generator",
  test: value => computationOf(value) !== null,
  properties: true,
  owns: isOutliving,
  refuse(generator) {
    if (!isExtensible(generator)) return "a generator object that takes no properties (it was frozen) is not portable"
    const prototype = prototypeFor(computationOf(generator))
    return prototype === null || getPrototypeOf(generator) === prototype
      ? null
      : "a generator object with another prototype than its function's is not portable"
  },
  take: generator => ({ computation: computationOf(generator) }),
  allocate: () => {
    const box: Box = { computation: null }
    const generator = shell(box)
    boxes.set(generator, box)
    return generator
  },
  fill(generator, { computation }) {
    const box = boxes.get(generator)
    if (box !== undefined) box.computation = computation
    boxes.delete(generator)
    const prototype = prototypeFor(computation)
    if (prototype !== null) setPrototypeOf(generator, prototype)
    // starts the native body, which would otherwise swallow the value of the first next()
    computationOf(generator)
  },
})

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
      if (!(source instanceof RealmMap || source instanceof RealmSet))
        return { source: null, behind: 0, iterator: this.iterator, method: this.method, polled, value }
      let left = 0
      const next = source instanceof RealmMap ? mapIteratorNext : setIteratorNext
      while ((apply(next, this.iterator, []) as IteratorResult<unknown>).done !== true) left++
      const behind = this.ended ? -1 : source.size - left
      advance(this, source, behind)
      return { source, behind, iterator: null, method: null, polled, value }
    },
  },
  [DECODE]: {
    value(this: IteratorCursor, state: Iterated): void {
      this.polled = state.polled
      this.value = state.value
      this.source = state.source
      if (state.source instanceof RealmMap || state.source instanceof RealmSet)
        advance(this, state.source, state.behind)
      else {
        this.iterator = state.iterator as Iterator<unknown>
        this.method = state.method
      }
    },
  },
})

/** A fresh private iterator with that many entries behind it; -1: at its end, which no later entry undoes. */
function advance(cursor: IteratorCursor, source: Map<unknown, unknown> | Set<unknown>, behind: number): void {
  const isMap = source instanceof RealmMap
  const iterator: Iterator<unknown> = apply(isMap ? mapEntries : setValues, source, [])
  const next = isMap ? mapIteratorNext : setIteratorNext
  const steps = behind < 0 ? source.size + 1 : min(behind, source.size)
  for (let i = 0; i < steps; i++) apply(next, iterator, [])
  cursor.iterator = iterator
  cursor.method = next
}
