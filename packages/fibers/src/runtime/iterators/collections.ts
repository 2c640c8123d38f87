/**
 * Owns iterators of Maps and Sets. They stay native, and are stamped with what they iterate.
 *
 * What is left is counted without a step: Node's `inspect` is shown the rest of an iterator by the engine. An iterator
 * moves as the number of entries that lie behind it, which is exact, because entries keep the order of insertion.
 */
import { either, oneOf, registerKind } from "@rove/core"
import { apply, isMap, isSet, mapIteratorNext, mapSize, min, setIteratorNext, setSize } from "../intrinsics.ts"
import { asObjects, makers, originOf, withOrigin } from "./origin.ts"

type Collection = Map<unknown, unknown> | Set<unknown>
const KINDS = ["keys", "values", "entries"] as const
type CollectionKind = (typeof KINDS)[number]

class CollectionOrigin {
  readonly source: Collection
  readonly kind: CollectionKind
  constructor(source: Collection, kind: CollectionKind) {
    this.source = source
    this.kind = kind
  }
}

type Inspect = (value: unknown, options: object) => string
interface NodeProcess {
  getBuiltinModule?(name: string): { inspect?: Inspect } | undefined
}
const inspect = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.("node:util")?.inspect

const mapMethods = KINDS.map(kind => Map.prototype[kind] as () => Iterator<unknown>)
const setMethods = KINDS.map(kind => Set.prototype[kind] as () => Iterator<unknown>)

/** Made by the method itself, which throws unless `source` is of its kind. */
function over(method: () => Iterator<unknown>, source: unknown, kind: CollectionKind): Iterator<unknown> {
  const iterator = apply(method, source, [])
  return withOrigin(iterator, new CollectionOrigin(source as Collection, kind))
}

KINDS.forEach((kind, i) => {
  for (const methods of [setMethods, mapMethods]) {
    const method = methods[i] as () => Iterator<unknown>
    // for Sets, `keys` and `values` are the same function
    makers.set(method, self => over(method, self, kind))
  }
})

/**
 * Entries that lie behind; -1 at its end, which no later entry undoes. One more entry is there for the time of the
 * question: the engine takes the end for reached as soon as it shows an iterator that has nothing left.
 */
function behind(iterator: object, source: Collection): number {
  const probe = {}
  const isOfMap = isMap(source)
  if (isOfMap) apply(mapSet, source, [probe, probe])
  else apply(setAdd, source, [probe])
  const options = { maxArrayLength: 0, depth: 0, customInspect: false, numericSeparator: false }
  const text = (inspect as Inspect)(iterator, options)
  apply(isOfMap ? mapDelete : setDelete, source, [probe])
  const left = Number(/\.\.\. (\d+) more item/.exec(text)?.[1] ?? 0)
  return left === 0 ? -1 : apply(isOfMap ? mapSize : setSize, source, []) - (left - 1)
}
const { set: mapSet, delete: mapDelete } = Map.prototype
const { add: setAdd, delete: setDelete } = Set.prototype

registerKind<object, { source: Collection; kind: string; behind: number }>({
  name: "rove.collection-iterator",
  ...asObjects,
  test: value => originOf(value) instanceof CollectionOrigin,
  refuse: iterator =>
    inspect === undefined
      ? "where an iterator of a Map or Set stands cannot be seen in this realm"
      : asObjects.refuse(iterator),
  fields: {
    source: either(isMap, isSet),
    kind: oneOf(...KINDS),
    behind: behind => Number.isSafeInteger(behind) && (behind as number) >= -1,
  },
  take(iterator) {
    const { source, kind } = originOf(iterator) as CollectionOrigin
    return { source, kind, behind: behind(iterator, source) }
  },
  allocate(parts?) {
    const kind = KINDS.indexOf(parts?.kind as CollectionKind)
    const methods = isMap(parts?.source) ? mapMethods : setMethods
    return over(methods[kind] as () => Iterator<unknown>, parts?.source, KINDS[kind] as CollectionKind) as object
  },
  fill(iterator, { source, behind }) {
    const isOfMap = isMap(source)
    const size = apply(isOfMap ? mapSize : setSize, source, [])
    const steps = behind < 0 ? size + 1 : min(behind, size)
    for (let i = 0; i < steps; i++) apply(isOfMap ? mapIteratorNext : setIteratorNext, iterator, [])
  },
})
