/** Owns the errors for what cannot be iterated, or breaks the protocol, in V8's words. No code of the program runs for its sake. */
import { RealmTypeError, substring } from "./intrinsics.ts"

/**
 * `message` is what the compiler knows from the source. One that begins with "..." names what is spread into arguments,
 * and one that begins with "=" the value of an object pattern, of which this is a property.
 */
export function notIterable(value: unknown, message?: string): TypeError {
  const isMissing = value === undefined || value === null
  if (isMissing && message?.startsWith("="))
    return new RealmTypeError(
      `Cannot destructure property 'Symbol(Symbol.iterator)' of '${message.slice(1)}' as it is ${value}.`,
    )
  if (message === undefined || message.startsWith("="))
    return new RealmTypeError(`${described(value)} is not iterable (cannot read property Symbol(Symbol.iterator))`)
  if (message[0] === "*") return new RealmTypeError(`${delegatedName(message)} is not iterable`)
  if (!message.startsWith("...")) return new RealmTypeError(message)
  return new RealmTypeError(
    isMissing
      ? `${message.slice(3)} is not iterable (cannot read property ${value})`
      : "Spread syntax requires ...iterable[Symbol.iterator] to be a function",
  )
}

/** "*", and what V8 prints behind the operand of `yield*`: a number of intermediate values, a colon, and what stands before them. */
export function delegatedName(name: string): string {
  let at = 1
  let count = 0
  for (; at < name.length && name[at] !== ":"; at++) count = count * 10 + +(name[at] as string)
  let shown = `yield* (intermediate value)${substring(name, at + 1, name.length)}`
  for (; count > 0; count--) shown += "(intermediate value)"
  return shown
}

/** A method of an iterator that cannot be called. */
export function notFunction(value: unknown): TypeError {
  return new RealmTypeError(`${described(value)} is not a function`)
}

/** `number 5`, `object null`, `undefined`, `function`. */
function described(value: unknown): string {
  if (typeof value === "string") return `string "${value}"`
  if (value === null || typeof value === "number" || typeof value === "boolean") return `${typeof value} ${value}`
  return typeof value
}
