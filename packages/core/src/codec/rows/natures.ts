/** Owns making a function again from what it captured, and what all of a code are made with. */
import { BOUND_FUNCTION, type Closure, COMPUTED_KEY, type Code, stampOf } from "../../code.ts"
import { RecordError } from "../errors.ts"

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

/** What functions are made with, by code; null where what one captured gives it its name. */
const natures = new WeakMap<Code, Readonly<PropertyDescriptorMap> | null>()

export function natureOf({ code, env }: Closure): Readonly<PropertyDescriptorMap> {
  const known = natures.get(code)
  if (known != null) return known
  const nature = Object.getOwnPropertyDescriptors(make(code, env, 0)) as PropertyDescriptorMap
  if (known === undefined) natures.set(code, code.captures.some(isNaming) ? null : nature)
  return nature
}

function isNaming(capture: string): boolean {
  return capture === COMPUTED_KEY || capture === BOUND_FUNCTION
}
