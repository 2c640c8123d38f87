/**
 * Owns how classes of compiled modules show their private members to the codec, and how instances get them without their
 * constructors: while `making.on` is true, compiled constructors and initialisers of fields do nothing.
 */
import {
  type Closure,
  type Makers,
  makerIn,
  type Privates,
  RoveError,
  tellMakers,
  tellMethods,
  tellPrivates,
} from "@rove/core"
import {
  deleteProperty,
  getOwnPropertyDescriptors,
  getPrototypeOf,
  hasOwn,
  ownKeys,
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

/** Tells what `access`, which stands in the text of the class, can do; `refused` says why instances cannot be made. */
export function privates(made: new () => object, isDerived: boolean, refused: string | null, access: Access): void {
  tellPrivates(made, { ...access, refused, install: isDerived ? object => installed(made, object) : () => fresh(made) })
}

/** An instance of a class that extends nothing, without its public fields. */
function fresh(made: new () => object): object {
  return silently(null, () => {
    const object = new made()
    each(ownKeys(object), key => deleteProperty(object, key))
    return object
  })
}

/** The object with the members of a class that extends another one: what that makes is the object itself. */
function installed(made: new () => object, object: object): object {
  const before = getOwnPropertyDescriptors(object)
  const base: unknown = getPrototypeOf(made)
  setPrototypeOf(made, Given)
  try {
    silently(object, () => new made())
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
