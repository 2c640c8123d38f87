/** Owns Map, Set, Date, RegExp and boxed primitives. */
import { accepts, getter } from "../brand.ts"
import { RecordError } from "../errors.ts"
import { F_ORDINARY, T_BOXED, T_DATE, T_MAP, T_REGEXP, T_SET } from "../format.ts"
import { List } from "../list.ts"
import { Plan, type Row } from "../plan.ts"
import { found, surveyExtras } from "../properties.ts"

type AnyMap = Map<unknown, unknown>
const forEachEntry = Map.prototype.forEach
const forEachMember = Set.prototype.forEach
const setEntry = Map.prototype.set
const addMember = Set.prototype.add

/** Keys and values in turn, read without any code of a subclass. */
export function entriesOf(map: object): List<unknown> {
  const list = new List<unknown>()
  forEachEntry.call(map as AnyMap, (value, key) => {
    list.add(key)
    list.add(value)
  })
  return list
}

export function membersOf(set: object): List<unknown> {
  const list = new List<unknown>()
  forEachMember.call(set as Set<unknown>, value => list.add(value))
  return list
}

const MAP: Row = {
  tag: T_MAP,
  flags: F_ORDINARY,
  describe(encoder, plan) {
    const list = entriesOf(plan.value)
    encoder.out.varint(list.length / 2)
    for (let i = 0; i < list.length; i++) encoder.value(list[i])
  },
  allocate: () => new Map(),
  fill(decoder, plan) {
    for (let left = decoder.in.count(); left > 0; left--) {
      const key = decoder.value()
      setEntry.call(plan.value as AnyMap, key, decoder.value())
    }
  },
  copy: () => new Map(),
  complete(cloner, plan, to) {
    const list = entriesOf(plan.value)
    for (let i = 0; i < list.length; i += 2) {
      setEntry.call(to as AnyMap, cloner.value(list[i]), cloner.value(list[i + 1]))
    }
  },
}

const SET: Row = {
  tag: T_SET,
  flags: F_ORDINARY,
  describe(encoder, plan) {
    const list = membersOf(plan.value)
    encoder.out.varint(list.length)
    for (let i = 0; i < list.length; i++) encoder.value(list[i])
  },
  allocate: () => new Set(),
  fill(decoder, plan) {
    for (let left = decoder.in.count(); left > 0; left--) addMember.call(plan.value as Set<unknown>, decoder.value())
  },
  copy: () => new Set(),
  complete(cloner, plan, to) {
    const list = membersOf(plan.value)
    for (let i = 0; i < list.length; i++) addMember.call(to as Set<unknown>, cloner.value(list[i]))
  },
}

/** Not what a program has put in its place, to have another time. */
const { Date: DateOf } = globalThis
const { getTime } = DateOf.prototype
const DATE: Row = {
  tag: T_DATE,
  flags: F_ORDINARY,
  announce: (encoder, plan) => encoder.number(getTime.call(plan.value as Date)),
  allocate(decoder) {
    return new DateOf(decoder.number())
  },
  copy: (_, plan) => new DateOf(getTime.call(plan.value as Date)),
}

const sourceOf = getter(RegExp.prototype, "source")
/** One getter per flag: the getter of `flags` reads these through the object, where they can be overridden. */
const FLAGS = (
  [
    ["d", "hasIndices"],
    ["g", "global"],
    ["i", "ignoreCase"],
    ["m", "multiline"],
    ["s", "dotAll"],
    ["u", "unicode"],
    ["v", "unicodeSets"],
    ["y", "sticky"],
  ] as const
).map(([letter, key]) => ({ letter, get: getter(RegExp.prototype, key) }))

function flagsOf(regexp: object): string {
  let flags = ""
  for (const { letter, get } of FLAGS) if (get !== undefined && Reflect.apply(get, regexp, []) === true) flags += letter
  return flags
}

const REGEXP: Row = {
  tag: T_REGEXP,
  flags: F_ORDINARY,
  announce(encoder, plan) {
    encoder.string(Reflect.apply(sourceOf, plan.value, []) as string)
    encoder.string(flagsOf(plan.value))
  },
  allocate(decoder) {
    const from = decoder.in.position
    const source = decoder.string()
    const flags = decoder.string()
    try {
      return new RegExp(source, flags)
    } catch (error) {
      throw new RecordError(from, "not a regular expression", "ROVE_RECORD", { cause: error })
    }
  },
  copy: (_, plan) => new RegExp(Reflect.apply(sourceOf, plan.value, []) as string, flagsOf(plan.value)),
}

const BOXES = [
  { make: Number, prototype: Number.prototype, unbox: Number.prototype.valueOf },
  { make: String, prototype: String.prototype, unbox: String.prototype.valueOf },
  { make: Boolean, prototype: Boolean.prototype, unbox: Boolean.prototype.valueOf },
  { make: BigInt, prototype: BigInt.prototype, unbox: BigInt.prototype.valueOf },
  { make: Symbol, prototype: Symbol.prototype, unbox: Symbol.prototype.valueOf },
] as const

const BOXED: Row = {
  tag: T_BOXED,
  flags: F_ORDINARY,
  announce: (encoder, plan) => encoder.value(plan.parts),
  allocate(decoder) {
    const value = decoder.value()
    if (value === null || value === undefined || typeof value === "object" || typeof value === "function") {
      decoder.in.fail("only a primitive can be boxed")
    }
    return Object(value) as object
  },
  copy: (cloner, plan) => Object(cloner.value(plan.parts)) as object,
}

const isMap = accepts(getter(Map.prototype, "size"))
const isSet = accepts(getter(Set.prototype, "size"))

function plain(row: Row, own?: (key: string) => boolean): (value: object) => Plan {
  return value => {
    surveyExtras(value, own)
    return new Plan(row, value, found.flags, found.keys, null)
  }
}

/** `lastIndex` stays among the properties: it may be any value, and read-only. */
export const COLLECTIONS = [
  { prototype: Map.prototype, brand: isMap, plan: plain(MAP) },
  { prototype: Set.prototype, brand: isSet, plan: plain(SET) },
  { prototype: DateOf.prototype, brand: accepts(getTime), plan: plain(DATE) },
  {
    prototype: RegExp.prototype,
    // the getter also accepts the prototype itself, which is no regular expression
    brand: (value: object) => value !== RegExp.prototype && accepts(sourceOf)(value),
    plan: plain(REGEXP),
  },
  ...BOXES.map(({ prototype, unbox }) => ({
    prototype,
    brand: accepts(unbox),
    plan: (value: object) => {
      const text = prototype === String.prototype
      const length = text ? (value as ArrayLike<string>).length : 0
      surveyExtras(value, text ? key => key === "length" || Number(key) < length : undefined)
      return new Plan(BOXED, value, found.flags, found.keys, Reflect.apply(unbox, value, []))
    },
  })),
]

export const COLLECTION_ROWS: readonly Row[] = [MAP, SET, DATE, REGEXP, BOXED]
