/** Owns the table of kinds that other packages add: generator objects, fiber handles, context variables and the like. */
import { RoveError } from "../errors.ts"
import type { Fields } from "./fits.ts"

/**
 * A kind of object that is carried as plain parts.
 *
 * `take` gives an array or plain object of portable values and changes nothing. If `allocate` declares a parameter, it
 * gets the parts before the object exists (the objects among them are made, but perhaps still empty), and so no part may
 * lead back to the object without a detour through something mutable. Otherwise parts may be cyclic, and `fill` gets them.
 */
export interface Kind<T extends object = object, P extends object = object> {
  /** The same on every thread, and in every version. */
  readonly name: string
  test(value: object): boolean
  take(value: T): P
  allocate(parts?: P): T
  fill?(object: T, parts: P): void
  /**
   * What each part can be, for records from outside: what does not fit is refused before `allocate` or `fill` sees it. Of parts
   * that come before the object, objects among them may still be empty.
   */
  readonly fields?: Fields<P>
  /** What is to hold of the parts when all have their content; asked before anything is made of the object. */
  holds?(parts: P): boolean
  /** Why such an object cannot be portable at the moment; null if it can. */
  refuse?(value: T): string | null
  /** Own properties of the object, and whether it is frozen, are carried besides its parts. */
  readonly properties?: boolean
  /** Of these properties, those that the kind itself gives its objects: they are not carried. */
  owns?(object: T, key: string): boolean
  /** For copies on one thread: the object itself is handed over, and not asked for its parts, which are primitives. */
  readonly shared?: boolean
}

const { getPrototypeOf, setPrototypeOf } = Object
const byName = new Map<string, Kind>()
const list: Kind[] = []

/** Adds a kind (or replaces the one of that name). */
export function registerKind<T extends object, P extends object>(kind: Kind<T, P>): void {
  if (kind.name === "") throw new RoveError("ROVE_INVALID_ARGUMENT", "registerKind: a kind needs a name")
  const entry = bare(kind as Kind)
  const old = byName.get(kind.name)
  if (old === undefined) list.push(entry)
  else list[list.indexOf(old)] = entry
  byName.set(kind.name, entry)
}

/** Without what all objects inherit: a program may give them any property, and what a kind does not have is asked for. */
function bare(kind: Kind): Kind {
  return getPrototypeOf(kind) === Object.prototype ? setPrototypeOf({ ...kind }, null) : kind
}

export function findKind(name: string): Kind | undefined {
  return byName.get(name)
}

/** The kind that claims the object. */
export function kindOf(value: object): Kind | undefined {
  for (let i = 0; i < list.length; i++) {
    const kind = list[i] as Kind
    if (kind.test(value)) return kind
  }
  return undefined
}

/** Whether a kind's parts come before its object. */
export function isEarly(kind: Kind): boolean {
  return kind.allocate.length > 0
}
