/** Owns objects that are carried as plain parts: of registered kinds, and of classes with encode and decode methods. */
import type { Decoder } from "../decoder.ts"
import type { Encoder } from "../encoder.ts"
import { RecordError, Unportable } from "../errors.ts"
import { type Fields, misfitOf } from "../fits.ts"
import { F_INTEGRITY, F_PROPERTIES, F_PROTOTYPE, P_DEFAULT, T_CUSTOM, T_EXTENSION } from "../format.ts"
import { isEarly, type Kind } from "../kinds.ts"
import { kindLink } from "../links.ts"
import { checkState, ownClassOf } from "../own-classes.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"
import { define, found, surveyExtras } from "../properties.ts"
import { ALLOCATE, DECODE, ENCODE } from "../references.ts"

interface Parts {
  readonly kind: Kind
  /** What `take` gave, or its copy; null while a shared object need not have been asked. */
  readonly taken: object | null
}

function takenOf({ parts, value }: Plan): object {
  const { kind, taken } = parts as Parts
  return taken ?? taking(value, () => kind.take(value))
}

const EXTENSION: Row = {
  tag: T_EXTENSION,
  flags: F_INTEGRITY | F_PROPERTIES,
  announce(encoder, plan) {
    const { kind } = plan.parts as Parts
    encoder.link(kindLink(kind))
    if (isEarly(kind)) writeParts(encoder, takenOf(plan))
  },
  describe(encoder, plan) {
    if (!isEarly((plan.parts as Parts).kind)) encoder.value(takenOf(plan))
  },
  allocate(decoder, plan) {
    const from = decoder.in.position
    const kind = decoder.kind()
    // what a kind gives may be what others have too
    if (plan.flags !== 0 && kind.properties !== true)
      throw new RecordError(from, `${kind.name} carries no properties of its objects`)
    const taken = isEarly(kind) ? readParts(decoder) : null
    plan.parts = { kind, taken } satisfies Parts
    if (taken !== null) checkParts(kind, taken, from)
    return guarded(from, kind.name, () => (taken === null ? kind.allocate() : kind.allocate(taken)))
  },
  fill(decoder, plan) {
    const from = decoder.in.position
    const { kind, taken } = plan.parts as Parts
    const parts = taken ?? decoder.value()
    if (typeof parts !== "object" || parts === null) throw new RecordError(from, `${kind.name} has no parts`)
    const { value } = plan
    decoder.after.check(
      (of, from) => {
        if (taken === null) checkParts(kind, of, from)
        if (kind.holds?.(of) === false) throw new RecordError(from, `${kind.name} has parts that do not fit together`)
      },
      parts,
      from,
    )
    if (kind.fill !== undefined) decoder.after.later(() => guarded(from, kind.name, () => kind.fill?.(value, parts)))
  },
  copy(cloner, plan) {
    const { kind, taken } = plan.parts as Parts
    if (kind.shared === true) return plan.value
    if (!isEarly(kind)) return kind.allocate()
    const parts = mapParts(taken as object, part => cloner.value(part))
    plan.parts = { kind, taken: parts } satisfies Parts
    return kind.allocate(parts)
  },
  complete(cloner, plan, to) {
    const { kind, taken } = plan.parts as Parts
    if (kind.shared === true) return
    const parts = (isEarly(kind) ? taken : cloner.value(taken)) as object
    cloner.later(() => kind.fill?.(to, parts))
  },
}

/** Refuses what an object of the kind is to be made from. */
function checkParts({ name, fields }: Kind, parts: object, offset: number): void {
  if (fields === undefined) return
  const prototype: unknown = Object.getPrototypeOf(parts)
  const wrong =
    prototype === Object.prototype || prototype === Array.prototype ? misfitOf(fields as Fields, parts) : "content"
  if (wrong !== null) throw new RecordError(offset, `${name} has a ${wrong} that it cannot have`)
}

/** Early parts are complete when the object is made, and so are not an object of the graph themselves. */
function writeParts(encoder: Encoder, taken: object): void {
  const isList = Array.isArray(taken)
  const keys = Object.keys(taken)
  encoder.out.byte(isList ? 1 : 0)
  encoder.out.varint(keys.length)
  for (const key of keys) {
    if (!isList) encoder.string(key)
    encoder.value((taken as Record<string, unknown>)[key])
  }
}

function readParts(decoder: Decoder): object {
  const isList = decoder.in.byte() === 1
  const parts: object = isList ? [] : {}
  const count = decoder.in.count()
  for (let i = 0; i < count; i++) {
    const key = isList ? i : decoder.string()
    define(parts, key, decoder.value(), P_DEFAULT)
  }
  return parts
}

function mapParts(taken: object, map: (part: unknown) => unknown): object {
  if (Array.isArray(taken)) return taken.map(map)
  const mapped = {}
  for (const key of Object.keys(taken)) define(mapped, key, map((taken as Record<string, unknown>)[key]), P_DEFAULT)
  return mapped
}

export function extensionPlan(kind: Kind, value: object): Plan {
  const refused = kind.refuse?.(value) ?? null
  if (refused !== null) throw new Unportable(value, refused)
  if (kind.shared === true) return new Plan(EXTENSION, value, 0, NO_KEYS, { kind, taken: null } satisfies Parts)
  const taken = taking(value, () => kind.take(value))
  const parts: Parts = { kind, taken }
  if (kind.properties === true) surveyExtras(value, key => kind.owns?.(value, key) === true)
  const plan =
    kind.properties === true
      ? new Plan(EXTENSION, value, found.flags, found.keys, parts)
      : new Plan(EXTENSION, value, 0, NO_KEYS, parts)
  if (isEarly(kind)) plan.needs = Object.values(taken)
  return plan
}

/** Runs a registered function that gives the parts of an object. */
function taking(value: object, take: () => unknown): object {
  let taken: unknown
  try {
    taken = take()
  } catch (error) {
    if (error instanceof Unportable) throw error
    throw new Unportable(value, `its parts cannot be taken: ${textOf(error)}`, undefined, error)
  }
  if (typeof taken !== "object" || taken === null) throw new Unportable(value, "its parts are not an object")
  return taken
}

/** Runs a registered function on what a record says, which may be nonsense to it. */
function guarded<T>(offset: number, name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof RecordError) throw error
    throw new RecordError(offset, `${name} does not accept its parts: ${textOf(error)}`, "ROVE_RECORD", {
      cause: error,
    })
  }
}

/** Of what a function of the program threw, which may be anything. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return "it threw what has no text"
  }
}

/** Without running a getter. */
function stateOf(parts: unknown): unknown {
  const isObject = typeof parts === "object" && parts !== null
  return isObject ? (Object.getOwnPropertyDescriptor(parts, "state")?.value as unknown) : undefined
}

interface Coded {
  /** `fiber`: the id of the fiber whose record that state becomes part of; null where it is handed over. Of interest to classes of ours. */
  [ENCODE](fiber: string | null): unknown
  [DECODE](state: unknown): void
}

/** Whether instances of a class are carried by its own methods. */
export function isCustom(prototype: object): boolean {
  return (
    typeof (prototype as Partial<Coded>)[ENCODE] === "function" &&
    typeof (prototype as Partial<Coded>)[DECODE] === "function"
  )
}

/** An instance without content: made by the class if it wants to, else without running its constructor. */
function empty(prototype: object): object {
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value
  const allocate = typeof made === "function" ? (made as { [ALLOCATE]?: () => object })[ALLOCATE] : undefined
  return typeof allocate === "function" ? allocate.call(made) : Object.create(prototype)
}

export const CUSTOM: Row = {
  tag: T_CUSTOM,
  flags: F_PROTOTYPE,
  describe: (encoder, plan) =>
    encoder.value(taking(plan.value, () => ({ state: (plan.value as Coded)[ENCODE](encoder.fiber) }))),
  allocate(decoder, plan) {
    const from = decoder.in.position
    const { proto } = plan
    if (proto === null || !isCustom(proto)) throw new RecordError(from, "the class has no encode and decode methods")
    return guarded(from, "the class", () => empty(proto))
  },
  fill(decoder, plan) {
    const from = decoder.in.position
    const parts = decoder.value()
    const object = plan.value as Coded
    const own = plan.proto === null ? undefined : ownClassOf(plan.proto)
    if (own !== undefined) decoder.after.check((of, from) => checkState(own, stateOf(of), from), parts, from)
    decoder.after.later(() => guarded(from, own?.name ?? "the class", () => object[DECODE](stateOf(parts))))
  },
  copy: (_, plan) => empty(Object.getPrototypeOf(plan.value) as object),
  complete(cloner, plan, to) {
    const taken = taking(plan.value, () => ({ state: (plan.value as Coded)[ENCODE](null) }))
    const parts = cloner.value(taken) as { state: unknown }
    cloner.later(() => (to as Coded)[DECODE](parts.state))
  },
}

export const EXTENSION_ROWS: readonly Row[] = [EXTENSION, CUSTOM]
