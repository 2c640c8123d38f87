/** Owns function objects as things with properties: what of them making them again does not give back. */
import { BOUND_FUNCTION, type Closure } from "../../code.ts"
import { FROZEN, SEALED } from "../format.ts"
import { integrityOf } from "../properties.ts"
import { natureOf } from "./natures.ts"
import { extendedBy, isOwnPrototype } from "./prototypes.ts"

const { getOwnPropertyDescriptor } = Object

/** Whether it is bound to a class, which may have inherited from something else at that time. Of a class, the prototype object stays. */
export function bindsClass(closure: Closure): boolean {
  return isBound(closure) && getOwnPropertyDescriptor(closure.env[0], "prototype")?.writable === false
}

/** Whether a property that a function is made with is not as it was made, apart from what its integrity does to all. */
export function isChanged(closure: Closure, key: string, integrity: number): boolean {
  if (key === "arguments" || key === "caller") return !Object.hasOwn(natureOf(closure), key)
  // made again before what it calls has its own name and length
  if (isBound(closure)) return true
  const own = getOwnPropertyDescriptor(closure.fn, key) as PropertyDescriptor
  const isPrototype = key === "prototype"
  if (isPrototype ? isReplaced(closure) : own.value !== natureOf(closure)[key]?.value) return true
  return (
    own.enumerable === true ||
    own.writable !== (isPrototype && integrity !== FROZEN) ||
    own.configurable !== (!isPrototype && integrity < SEALED)
  )
}

/** Whether `bind` made it: name, length and what it inherits from are those that the other function had at that time. */
function isBound({ code }: Closure): boolean {
  return code.captures[0] === BOUND_FUNCTION
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
