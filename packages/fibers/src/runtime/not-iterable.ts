/** Owns the errors for what cannot be iterated, or breaks the protocol, in V8's words. No code of the program runs for its sake. */
import { RealmTypeError } from "./intrinsics.ts"

/** `message` is what the compiler knows from the source; one that begins with "..." names what is spread into arguments. */
export function notIterable(value: unknown, message?: string): TypeError {
  if (message === undefined)
    return new RealmTypeError(`${described(value)} is not iterable (cannot read property Symbol(Symbol.iterator))`)
  if (!message.startsWith("...")) return new RealmTypeError(message)
  return new RealmTypeError(
    value === undefined || value === null
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
