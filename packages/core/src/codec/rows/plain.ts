/** Owns the kinds that are nothing but their properties: objects and arrays. */
import {
  EXTENSIBLE,
  F_INTEGRITY,
  F_KIND,
  F_ORDINARY,
  F_PROPERTIES,
  F_PROTOTYPE,
  F_SHAPE,
  FROZEN,
  SEALED,
  T_ARRAY,
  T_HOLE,
  T_OBJECT,
} from "../format.ts"
import { append } from "../list.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"
import { found, integrityOf, survey } from "../properties.ts"

export const OBJECT: Row = {
  tag: T_OBJECT,
  flags: F_INTEGRITY | F_PROPERTIES | F_SHAPE | F_PROTOTYPE,
  allocate: (_, plan) => ((plan.flags & F_PROTOTYPE) !== 0 ? Object.create(plan.proto) : {}),
  copy: (_, plan) =>
    (plan.flags & F_PROTOTYPE) !== 0 ? Object.create(Object.getPrototypeOf(plan.value) as object | null) : {},
}

export function planObject(value: object): Plan {
  survey(value)
  return new Plan(OBJECT, value, found.flags, found.keys, null)
}

/** The elements are properties like others: holes prevail, or their attributes are not ordinary. */
const F_SPARSE = F_KIND
/** Parts of an array with holes, through which a prototype may be seen. */
const HOLEY = "holey"
/** So many holes cost nothing. */
const SMALL = 64

export const ARRAY: Row = {
  tag: T_ARRAY,
  flags: F_ORDINARY | F_KIND,
  announce(encoder, plan) {
    encoder.out.varint((plan.value as unknown[]).length)
  },
  describe(encoder, plan) {
    if ((plan.flags & F_SPARSE) !== 0) return
    const array = plan.value as unknown[]
    for (let i = 0; i < array.length; i++) {
      const element = array[i]
      if ((element === undefined || plan.parts === HOLEY) && !Object.hasOwn(array, i)) encoder.out.byte(T_HOLE)
      else encoder.value(element)
    }
  },
  allocate(decoder, plan) {
    const length = decoder.in.varint()
    plan.parts = length
    if ((plan.flags & F_SPARSE) !== 0) return sparse(length)
    if (length > decoder.in.remaining) decoder.in.fail(`${length} elements cannot follow`)
    return []
  },
  fill(decoder, plan) {
    if ((plan.flags & F_SPARSE) !== 0) return
    const array = plan.value as unknown[]
    const length = plan.parts as number
    for (let i = 0; i < length; i++) {
      if (decoder.hole()) array.length = i + 1
      else append(array, decoder.value())
    }
  },
  copy: (_, plan) => ((plan.flags & F_SPARSE) !== 0 ? sparse((plan.value as unknown[]).length) : []),
  complete(cloner, plan, to) {
    if ((plan.flags & F_SPARSE) !== 0) return
    const from = plan.value as unknown[]
    const array = to as unknown[]
    for (let i = 0; i < from.length; i++) {
      const element = from[i]
      if ((element === undefined || plan.parts === HOLEY) && !Object.hasOwn(from, i)) array.length = i + 1
      else append(array, cloner.value(element))
    }
  },
}

/** An array without elements that takes no memory for them: one far index makes the engine use a dictionary. */
function sparse(length: number): unknown[] {
  const array: unknown[] = []
  if (length > 1024) {
    Object.defineProperty(array, length - 1, { value: 0, configurable: true })
    delete array[length - 1]
  }
  array.length = length
  return array
}

export function planArray(array: unknown[]): Plan {
  if (isDense(array)) return new Plan(ARRAY, array, EXTENSIBLE, NO_KEYS, null)
  return unusualArray(array, ownKeys(array), integrityOf(array))
}

/** Whether an array has nothing but elements, all of them, and they and its length are as an array literal makes them. */
export function isDense(array: unknown[]): boolean {
  const { length } = array
  const keys = ownKeys(array)
  // indices come first, then "length", before all names that were added: nothing behind it, and all indices are there
  return (
    keys.length === length + 1 &&
    keys[length] === "length" &&
    isExtensible(array) &&
    takesLength(array) &&
    !hasAccessor(array) &&
    // as many are enumerable: asking for their keys would make a string of each index once more
    values(array).length === length
  )
}

const { ownKeys } = Reflect
const { getOwnPropertyDescriptor, isExtensible, values } = Object
const getterOf = (Object.prototype as { __lookupGetter__(key: PropertyKey): unknown }).__lookupGetter__

/** Whether the length can be changed. */
function hasLength(array: unknown[]): boolean {
  return getOwnPropertyDescriptor(array, "length")?.writable === true
}

/** The same at a third of the price, if it can: adding nothing sets the length to what it is, which throws if it is read-only. */
function takesLength(array: unknown[]): boolean {
  try {
    addTo.call(array)
    return true
  } catch {
    return false
  }
}
const addTo = Array.prototype.push as (this: unknown[]) => number

/**
 * A descriptor would say more, at three times the price: an element that is read-only by itself becomes writable in an
 * array that can be extended and has nothing but elements.
 */
function hasAccessor(array: unknown[]): boolean {
  for (let i = 0; i < array.length; i++) {
    if (getterOf.call(array, i) !== undefined) return true
    // what has nothing but a setter reads as undefined
    if (array[i] === undefined && getOwnPropertyDescriptor(array, i)?.set !== undefined) return true
  }
  return false
}

function unusualArray(array: unknown[], keys: readonly PropertyKey[], integrity: number): Plan {
  const { length } = array
  let indices = Math.min(length, keys.length)
  while (indices > 0 && !isIndexBelow(keys[indices - 1] as PropertyKey, length)) indices--
  const isOpen = hasLength(array)
  // the engine takes an empty array that is closed for a frozen one
  const kept = integrity === FROZEN && isOpen ? SEALED : integrity
  const extras = keys.slice(indices).filter(key => key !== "length")
  if (!isOpen && kept !== FROZEN) append(extras, "length")
  const flags = kept | (extras.length > 0 ? F_PROPERTIES : 0)
  const isFull = length <= SMALL || length - indices <= length / 2
  if (isFull && ordinary(array, keys, indices, kept))
    return new Plan(ARRAY, array, flags, extras, indices === length ? null : HOLEY)
  return new Plan(ARRAY, array, kept | F_SPARSE | F_PROPERTIES, [...keys.slice(0, indices), ...extras], null)
}

function isIndexBelow(name: PropertyKey, length: number): boolean {
  if (typeof name !== "string") return false
  const index = Number(name)
  return index >= 0 && index < length && String(index) === name
}

/** Whether all elements are as ordinary as the integrity of their array allows. */
function ordinary(array: unknown[], keys: readonly PropertyKey[], indices: number, integrity: number): boolean {
  for (let i = 0; i < indices; i++) {
    const descriptor = Object.getOwnPropertyDescriptor(array, keys[i] as string) as PropertyDescriptor
    if (
      descriptor.enumerable !== true ||
      descriptor.writable !== (integrity !== FROZEN) ||
      descriptor.configurable !== integrity < SEALED
    ) {
      return false
    }
  }
  return true
}
