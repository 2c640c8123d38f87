/**
 * Owns which classes are ours: records name them as they name the program's, and the runtime calls their methods with what
 * only it should have. So an instance in a record has the fields that its class says, and nothing else.
 */
import type { Decoder } from "./decoder.ts"
import { RecordError } from "./errors.ts"
import { type Fields, type Fits, misfitOf, misfitOfAll } from "./fits.ts"
import { F_INTEGRITY, F_PROPERTIES, T_CUSTOM, T_OBJECT, T_PRIVATE } from "./format.ts"
import type { Plan } from "./plan.ts"
import { DECODE, ENCODE, registerReference } from "./references.ts"

export interface OwnOptions {
  /** Its instances are in the hands of the program, which may give them more properties, or freeze them. */
  readonly open?: boolean
  /** What is to hold of its fields together. */
  readonly holds?: (object: never) => boolean
}

export interface OwnClass {
  readonly name: string
  readonly prototype: object
  /** Of instances; of what ENCODE gives, for a class that has that. */
  readonly fields: Fields
  readonly open: boolean
  readonly holds: (object: never) => boolean
  /** It is carried by its own methods. */
  readonly custom: boolean
}

const byPrototype = new Map<object, OwnClass>()

/** Registers a class of ours by name, with what each of its fields can hold. */
export function registerOwnClass<T extends object>(
  name: string,
  made: { readonly prototype: T },
  fields: Fields,
  { open = false, holds = () => true }: OwnOptions = {},
): void {
  const { prototype } = made
  const custom = ENCODE in prototype && DECODE in prototype
  byPrototype.set(prototype, { name, prototype, fields, open, holds, custom })
  registerReference(name, made)
}

export function ownClassOf(prototype: object): OwnClass | undefined {
  return byPrototype.get(prototype) ?? heirOf(prototype)
}

/** Of prototypes that are not ours, which of our open classes the program's class extends. */
const heirs = new WeakMap<object, { readonly own: OwnClass | undefined }>()

function heirOf(prototype: object): OwnClass | undefined {
  const known = heirs.get(prototype)
  if (known !== undefined) return known.own
  let own: OwnClass | undefined
  for (
    let at: object | null = prototype;
    own === undefined && at !== null && isOfClass(at);
    at = Object.getPrototypeOf(at)
  ) {
    const found = byPrototype.get(at)
    if (found?.open === true) own = found
  }
  heirs.set(prototype, { own })
  return own
}

/** Whether it is the prototype object of a class, and nothing that stands between instances and that. */
function isOfClass(prototype: object): boolean {
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value
  return typeof made === "function" && Object.getOwnPropertyDescriptor(made, "prototype")?.value === prototype
}

/** Of that open class, or of one of the program's that extends it. */
export function heir(made: { readonly prototype: object }): Fits {
  return value => {
    const prototype: object | null = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : null
    return prototype !== null && ownClassOf(prototype)?.prototype === made.prototype
  }
}

/** An object of that class begins at `offset`. Refused if it is carried as none of that class is. */
export function announcedAs(decoder: Decoder, own: OwnClass, { row, flags, value }: Plan, offset: number): void {
  const isUsual = own.custom ? row.tag === T_CUSTOM : row.tag === T_OBJECT || (own.open && row.tag === T_PRIVATE)
  if (!isUsual || (!own.open && (flags & (F_INTEGRITY | F_PROPERTIES)) !== 0))
    throw new RecordError(offset, `${own.name} is not carried like this`)
  if (!own.custom) decoder.after.check((of, from) => checkInstance(own, of, from), value, offset)
}

/** Refuses an instance, which begins at `offset`, that has something in it that its class never puts there. */
function checkInstance(own: OwnClass, object: object, offset: number): void {
  const { prototype, fields, open } = own
  refuseMisfit(
    own,
    object,
    open ? (misfitOf(fields, object) ?? hiding(prototype, object)) : misfitOfAll(fields, object),
    offset,
  )
}

/** Refuses what such an instance is to be made from. */
export function checkState(own: OwnClass, state: unknown, offset: number): void {
  const isState = typeof state === "object" && state !== null && Object.getPrototypeOf(state) === Object.prototype
  refuseMisfit(own, state, isState ? misfitOf(own.fields, state) : "state", offset)
}

function refuseMisfit({ name, holds }: OwnClass, object: unknown, wrong: string | null, offset: number): void {
  if (wrong !== null) throw new RecordError(offset, `${name} has a ${wrong} that it cannot have`)
  // of that class, as its prototype and its fields say
  if (!holds(object as never)) throw new RecordError(offset, `${name} has fields that do not fit together`)
}

/** An own property that stands before one of the class. */
function hiding(prototype: object, object: object): string | null {
  for (const key of Reflect.ownKeys(object)) if (Object.hasOwn(prototype, key)) return String(key)
  return null
}
