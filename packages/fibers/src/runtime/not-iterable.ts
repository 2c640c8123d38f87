/** Owns the errors for what cannot be iterated, or breaks the protocol, in V8's words. No code of the program runs for its sake. */
import { RealmTypeError } from "./intrinsics.ts"

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
  if (!message.startsWith("...")) return new RealmTypeError(message)
  return new RealmTypeError(
    isMissing
      ? `${message.slice(3)} is not iterable (cannot read property ${value})`
      : "Spread syntax requires ...iterable[Symbol.iterator] to be a function",
  )
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
