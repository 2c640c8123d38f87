/**
 * Owns methods of classes that are made in generators, as values: they go as what their class was made with under a key.
 * A class that is made marks its methods, so that each leads to its class.
 */
import { Adopt } from "../adopt.ts"
import { type Closure, type Shape, stampOf } from "../code.ts"
import { privateMethodsOf } from "../members.ts"
import { hasPrivateName, privateMethodOf } from "./class-methods.ts"
import { Unportable } from "./errors.ts"

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object
const { ownKeys } = Reflect

/** Where a method stands in its class, by number: on it or on its prototype object; and as a value, a getter or a setter. */
const PLACES = [
  ["prototype", "value"],
  ["prototype", "get"],
  ["prototype", "set"],
  ["own", "value"],
  ["own", "get"],
  ["own", "set"],
] as const
/** The number of the place of private methods. */
const PRIVATE = PLACES.length

export interface LocalMethod {
  readonly made: object
  readonly place: number
  readonly key: PropertyKey
}

class Owned extends Adopt {
  #made: object
  constructor(method: object, made: object) {
    super(method)
    this.#made = made
  }
  static read(method: object): object | undefined {
    return #made in method ? (method as Owned).#made : undefined
  }
}

/** Marks the methods of a class without static state that was made just now. Generator methods have closures of their own. */
export function markMethods({ fn, shape }: Closure): void {
  const made = fn as object
  each(shape as Shape, (_, __, method) => {
    if (method !== made && stampOf(method) === undefined) new Owned(method, made)
    return false
  })
}

/** Classes with private methods that were made in generators, by the names of the methods: these are not marked. */
const offering = new Map<string, { classes: WeakRef<object>[]; limit: number }>()

/** Tells of a class that was made just now, and of its private methods, which it makes known when they are asked for. */
export function offerPrivateMethods(made: object, names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    const found = offering.get(name) ?? { classes: [], limit: 8 }
    offering.set(name, found)
    if (found.classes.length >= found.limit) {
      found.classes = found.classes.filter(ref => ref.deref() !== undefined)
      found.limit = Math.max(8, 2 * found.classes.length)
    }
    found.classes.push(new WeakRef(made))
  }
}

/** The class that a method was made with, if that was in a generator. */
export function classOfMethod(method: object): object | undefined {
  return Owned.read(method) ?? (hasPrivateName(method) ? classOfPrivate(method) : undefined)
}

function classOfPrivate(method: object): object | undefined {
  const name = getOwnPropertyDescriptor(method, "name")?.value as string
  const classes = offering.get(name)?.classes ?? []
  for (let i = 0; i < classes.length; i++) {
    const made = classes[i]?.deref()
    if (made === undefined || privateMethodOf(made, name) !== method) continue
    new Owned(method, made)
    return made
  }
  return undefined
}

/** The place of a method in the class that was made with it; undefined for all other functions. */
export function localMethodOf(method: object): LocalMethod | undefined {
  const made = classOfMethod(method)
  if (made === undefined) return undefined
  const names = Object.keys(privateMethodsOf(made))
  const key = names.find(name => privateMethodOf(made, name) === method)
  let found: LocalMethod | undefined = key === undefined ? undefined : { made, place: PRIVATE, key }
  each(stampOf(made)?.shape as Shape, (place, key, other) => {
    if (other === method) found = { made, place, key }
    return found !== undefined
  })
  if (isAltered(method)) throw new Unportable(method, "a method that was given properties is not portable")
  return found
}

/** The method that a class was made with at that place. */
export function findLocalMethod(made: unknown, place: number, key: PropertyKey): object | undefined {
  const shape = typeof made === "function" ? stampOf(made)?.shape : undefined
  if (place === PRIVATE && shape != null && typeof key === "string") return privateMethodOf(made as object, key)
  // by index, here and below: the program may have taken the iterator of arrays away
  const side = PLACES[place]?.[0]
  const kind = PLACES[place]?.[1]
  if (shape == null || side === undefined || kind === undefined) return undefined
  const method: unknown = getOwnPropertyDescriptor(shape[side], key)?.value?.[kind]
  return typeof method === "function" && Owned.read(method) === made ? method : undefined
}

/** A method of the class that has become something else than it was made as. */
export function alteredMethod(closure: Closure): object | undefined {
  let found: object | undefined
  each(closure.shape as Shape, (_, __, method) => {
    if (Owned.read(method) === closure.fn && isAltered(method)) found = method
    return found !== undefined
  })
  return found ?? Object.values(privateMethodsOf(closure.fn as object)).find(isAltered)
}

function isAltered(method: object): boolean {
  return (
    ownKeys(method).some(key => !OWN_KEYS.has(key)) || !isExtensible(method) || !MADE_WITH.has(getPrototypeOf(method))
  )
}
const OWN_KEYS = new Set<PropertyKey>(["length", "name", "prototype"])
const MADE_WITH = new Set<unknown>([() => {}, async () => {}, async function* () {}].map(getPrototypeOf))

/** Visits every function that the class was made with, until that says true. */
function each(shape: Shape, visit: (place: number, key: PropertyKey, method: object) => boolean): void {
  for (let place = 0; place < PLACES.length; place++) {
    const side = (PLACES[place] as (typeof PLACES)[number])[0]
    const kind = (PLACES[place] as (typeof PLACES)[number])[1]
    const keys = ownKeys(shape[side])
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      const method: unknown = shape[side][key]?.[kind]
      if (typeof method === "function" && key !== "prototype" && visit(place, key, method)) return
    }
  }
}
