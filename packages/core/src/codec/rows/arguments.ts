/** Owns `arguments` objects: as strict functions have them, and as sloppy ones do, which name their function. */
import { Unportable } from "../errors.ts"
import { F_INTEGRITY, F_PROPERTIES, F_PROTOTYPE, FROZEN, SEALED, T_ARGUMENTS } from "../format.ts"
import { Plan, type Row } from "../plan.ts"
import { integrityOf } from "../properties.ts"

type Arguments = unknown[] & { callee?: unknown }

/** What the language says of an object that inherits from nothing but `Object.prototype`: `[object Arguments]`, or `[object Array]`. */
export function builtinTag(value: object): string {
  if (Object.getOwnPropertyDescriptor(value, Symbol.toStringTag) !== undefined) return "[object Object]"
  return Object.prototype.toString.call(value)
}

/** What every such object has besides its elements, and whether that can be enumerated. */
const OWN: readonly PropertyKey[] = ["length", "callee", Symbol.iterator]

/** The plan of one that has what it was made with, and perhaps other properties and less freedom. */
export function argumentsPlan(value: object): Plan {
  const { length } = value as { length: unknown }
  const integrity = integrityOf(value)
  const keys = Reflect.ownKeys(value)
  // indices come first, in order
  const isWhole =
    typeof length === "number" && length <= keys.length && (length === 0 || keys[length - 1] === String(length - 1))
  if (!isWhole || ![...keys.slice(0, length), ...OWN].every(key => isOrdinary(value, key, integrity)))
    throw new Unportable(value, "an arguments object with elements that were taken away or redefined is not portable")
  const extras = keys.slice(length).filter(key => !OWN.includes(key))
  return new Plan(ARGUMENTS, value, integrity | (extras.length > 0 ? F_PROPERTIES : 0), extras, null)
}

function isOrdinary(value: object, key: PropertyKey, integrity: number): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(value, key)
  if (descriptor === undefined || descriptor.enumerable !== !OWN.includes(key)) return false
  if (descriptor.get !== undefined) return key === "callee" && descriptor.get === thrower
  if (key === Symbol.iterator && descriptor.value !== Array.prototype.values) return false
  return descriptor.writable === (integrity !== FROZEN) && descriptor.configurable === integrity < SEALED
}

const thrower = Object.getOwnPropertyDescriptor(strictly(), "callee")?.get

function make(length: number, sloppy: boolean): Arguments {
  const values = new Array(length).fill(undefined)
  return Reflect.apply(sloppy ? sloppily() : strictly, undefined, values) as Arguments
}

function strictly(): unknown {
  // biome-ignore lint/complexity/noArguments: an arguments object is what is wanted
  return arguments
}

/** No text of a module can be sloppy. */
function sloppily(): () => unknown {
  return new Function("return arguments") as () => unknown
}

/** Whether `callee` is a value: strict ones have an accessor there that throws. */
function isSloppy(value: object): boolean {
  return "value" in (Object.getOwnPropertyDescriptor(value, "callee") ?? {})
}

function fill(to: Arguments, length: number, sloppy: boolean, take: (from: "callee" | number) => unknown): void {
  for (let i = 0; i < length; i++) to[i] = take(i)
  if (sloppy) to.callee = take("callee")
}

export const ARGUMENTS: Row = {
  tag: T_ARGUMENTS,
  flags: F_INTEGRITY | F_PROPERTIES | F_PROTOTYPE,
  announce(encoder, plan) {
    const list = plan.value as Arguments
    encoder.out.varint(list.length)
    encoder.out.varint(isSloppy(list) ? 1 : 0)
  },
  describe(encoder, plan) {
    const list = plan.value as Arguments
    for (let i = 0; i < list.length; i++) encoder.value(list[i])
    if (isSloppy(list)) encoder.value(list.callee)
  },
  allocate(decoder, plan) {
    const length = decoder.in.count()
    const sloppy = decoder.in.varint() === 1
    plan.parts = { length, sloppy }
    // so many arguments fit on the stack of any engine
    if (length > 10_000) decoder.in.fail(`${length} arguments are too many`)
    return make(length, sloppy)
  },
  fill(decoder, plan) {
    const { length, sloppy } = plan.parts as { length: number; sloppy: boolean }
    fill(plan.value as Arguments, length, sloppy, () => decoder.value())
  },
  copy: (_, plan) => make((plan.value as Arguments).length, isSloppy(plan.value as Arguments)),
  complete(cloner, plan, to) {
    const list = plan.value as Arguments
    fill(to as Arguments, list.length, isSloppy(list), key => cloner.value(list[key as number]))
  },
}
