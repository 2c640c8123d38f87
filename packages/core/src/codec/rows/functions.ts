/** Owns function objects as things with properties: making one again, and what of it that does not give back. */
import { type Closure, type Code, stampOf } from "../../code.ts"
import { RecordError } from "../errors.ts"
import { FROZEN, SEALED } from "../format.ts"
import { integrityOf } from "../properties.ts"
import { extendedBy, isOwnPrototype } from "./prototypes.ts"

const { getOwnPropertyDescriptor } = Object

/** Makes a function again from what it captured. */
export function make(code: Code, env: readonly unknown[], offset: number): object {
  if (code.make === null)
    throw new RecordError(offset, `${code.id} is not made from captured variables`, "ROVE_CODE_CHANGED")
  if (env.length !== code.captures.length) {
    throw new RecordError(offset, `${code.id} captures ${code.captures.length} variables, not ${env.length}`)
  }
  const fn = made(code, env, offset)
  const closure = stampOf(fn)
  if (closure === undefined || closure.code !== code) throw new RecordError(offset, `${code.id} was not made as itself`)
  closure.fn ??= fn
  return fn
}

/** A class has computed keys and a base among what it captures, which may be nonsense in a record. */
function made({ id, make }: Code, env: readonly unknown[], offset: number): object {
  try {
    // whether these are what it captured is for it to find out
    return (make as NonNullable<Code["make"]>)(...(env as never[]))
  } catch (cause) {
    throw new RecordError(offset, `${id} cannot be made from what it captured`, "ROVE_RECORD", { cause })
  }
}

/** Whether a property that a function is made with is not as it was made, apart from what its integrity does to all. */
export function isChanged(closure: Closure, key: string, integrity: number): boolean {
  if (key === "arguments" || key === "caller") return false
  const own = getOwnPropertyDescriptor(closure.fn, key) as PropertyDescriptor
  const isPrototype = key === "prototype"
  if (isPrototype ? isReplaced(closure) : own.value !== natureOf(closure)[key]?.value) return true
  return (
    own.enumerable === true ||
    own.writable !== (isPrototype && integrity !== FROZEN) ||
    own.configurable !== (!isPrototype && integrity < SEALED)
  )
}

/** What functions are made with, by code. */
const natures = new WeakMap<Code, Readonly<PropertyDescriptorMap>>()

function natureOf({ code, env }: Closure): Readonly<PropertyDescriptorMap> {
  let nature = natures.get(code)
  if (nature === undefined) {
    nature = Object.getOwnPropertyDescriptors(make(code, env, 0)) as PropertyDescriptorMap
    natures.set(code, nature)
  }
  return nature
}

/** A property that was taken away, and that making the function or class again would give it. */
export function lostBy(closure: Closure): string | undefined {
  const nature = closure.code.kind === "class" ? (closure.shape?.own ?? {}) : natureOf(closure)
  return ["name", "length"].find(key => !Object.hasOwn(closure.fn as object, key) && Object.hasOwn(nature, key))
}

/** Whether a class extends a function that is made without a prototype object, as bound ones are: the class could not be made again. */
export function extendsBound(made: object): boolean {
  const extended = extendedBy(made)
  return extended !== null && extended.code.make !== null && !Object.hasOwn(natureOf(extended), "prototype")
}

/** As of any object, but the engine takes a sealed function for a frozen one, though another prototype object can be assigned. */
export function integrityOfFunction(fn: object): number {
  const integrity = integrityOf(fn)
  return integrity === FROZEN && getOwnPropertyDescriptor(fn, "prototype")?.writable === true ? SEALED : integrity
}

/** Whether the function was given another prototype object, which is a property like any other. */
function isReplaced(closure: Closure): boolean {
  const own = Object.getOwnPropertyDescriptor(closure.fn, "prototype")
  return own !== undefined && !isOwnPrototype(closure, own.value)
}
