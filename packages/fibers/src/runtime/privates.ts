/**
 * Owns how classes of compiled modules show their private members to the codec, and how instances get them without their
 * constructors: while `making.on` is true, compiled constructors and initialisers of fields do nothing.
 */
import {
  type Closure,
  type Makers,
  makerIn,
  offerPrivateMethods,
  type Privates,
  privatesOf,
  RoveError,
  tellMakers,
  tellMethods,
  tellPrivateMethods,
  tellPrivates,
} from "@rove/core"
import {
  append,
  create,
  deleteProperty,
  getOwnPropertyDescriptors,
  getPrototypeOf,
  hasOwn,
  ITERATOR,
  keys,
  ownKeys,
  RealmProxy,
  reflectConstruct,
  reflectDefine,
  reflectGet,
  setPrototypeOf,
} from "./intrinsics.ts"

export const making = { on: false, object: null as object | null }

/** Stands in for what a class extends: its `super()` gives the object that is being made. */
const Given = function (this: object): object {
  return making.object ?? this
} as unknown as new () => object

type Access = Pick<Privates, "names" | "has" | "read" | "write">

/**
 * Tells what `access`, which stands in the text of the class, can do; not `isCarried`: it does not know all members. With
 * so many arguments, and so many elements in each of them, no pattern in the parameters of the constructor runs code.
 */
export function privates(
  made: new () => object,
  isDerived: boolean,
  args: number,
  elements: number,
  isCarried: boolean,
  access: Access,
): void {
  const make = (): object => construct(made, args, elements)
  tellPrivates(made, {
    ...access,
    refused: isCarried ? null : "it has private members, and an auto-accessor whose value only its own code can reach",
    install: isDerived ? object => installed(made, make, object) : () => fresh(make),
  })
}

/** Tells of private methods of a class; what reads one is given an instance. `isMade`: the class may be made anew elsewhere. */
export function privateMethods(
  made: object,
  isMade: boolean,
  readers: Readonly<Record<string, (instance: object) => object>>,
): void {
  const names = keys(readers)
  let found: Record<string, object> | null = null
  tellPrivateMethods(made, () => {
    if (found !== null) return found
    const of = privatesOf(made)
    const instance = of === null || of.refused !== null ? null : of.install({})
    const methods: Record<string, object> = create(null)
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string
      const read = readers[name] as (instance: object) => object
      if (read.length === 0 || instance !== null) methods[name] = read(instance as object)
    }
    found = methods
    return methods
  })
  if (isMade) offerPrivateMethods(made, names)
}

function construct(made: new () => object, count: number, elements: number): object {
  const value = anything(elements)
  const args: unknown[] = []
  for (let i = 0; i < count; i++) append(args, value)
  return reflectConstruct(made, args) as object
}

/** What every pattern can be bound to without running a default: each property and each of its elements is the same again. */
function anything(elements: number): object {
  const iterator = () => {
    let left = elements
    return { next: () => ({ value, done: left-- === 0 }) }
  }
  const value: object = new RealmProxy({}, { get: (_, key) => (key === ITERATOR ? iterator : value) })
  return value
}

/** An instance of a class that extends nothing, without its public fields. */
function fresh(make: () => object): object {
  return silently(null, () => {
    const object = make()
    each(ownKeys(object), key => deleteProperty(object, key))
    return object
  })
}

/** The object with the members of a class that extends another one: what that makes is the object itself. */
function installed(made: new () => object, make: () => object, object: object): object {
  const before = getOwnPropertyDescriptors(object)
  const base: unknown = getPrototypeOf(made)
  setPrototypeOf(made, Given)
  try {
    silently(object, make)
  } finally {
    setPrototypeOf(made, base as object)
  }
  for (const key of ownKeys(object)) if (!hasOwn(before, key)) deleteProperty(object, key)
  for (const key of ownKeys(before)) reflectDefine(object, key, reflectGet(before, key) as PropertyDescriptor)
  return object
}

function each(keys: readonly PropertyKey[], visit: (key: PropertyKey) => unknown): void {
  for (let i = 0; i < keys.length; i++) visit(keys[i] as PropertyKey)
}

function silently<T>(object: object | null, run: () => T): T {
  const { on, object: outer } = making
  making.on = true
  making.object = object
  try {
    return run()
  } finally {
    making.on = on
    making.object = outer
  }
}

/** Tells of the makers in the text of a class that is made anew. */
export function makers(made: object, all: Makers): void {
  tellMakers(made, all)
}

/** The maker of that name in the text of a class. */
export function makerOf(made: object, name: string): Makers[string] {
  const maker = makerIn(made, name)
  if (maker === undefined) throw new RoveError("ROVE_RECORD", "a closure is not one of the class that it belongs to")
  return maker
}

/** Tells of the generator methods of a class that may be made again. */
export function methods(made: object, ...closures: readonly Closure[]): void {
  tellMethods(made, closures)
}
