/** Owns which messages a fiber wants: by class, by a test, or by some of their properties. */

type Fields = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: constructors of any arguments
type Class<T> = abstract new (...args: any[]) => T

/** `pattern`: a class, a test of the program, an object of whose properties the message has all, or nothing. */
export function matches(pattern: unknown, message: unknown): boolean {
  if (pattern === undefined) return true
  if (typeof pattern === "function")
    return isClass(pattern)
      ? message instanceof (pattern as Class<unknown>)
      : (pattern as (m: unknown) => unknown)(message) === true
  if (typeof pattern !== "object" || pattern === null) return Object.is(pattern, message)
  if (typeof message !== "object" || message === null) return false
  return Object.keys(pattern).every(
    key => Object.hasOwn(message, key) && matchesValue((pattern as Fields)[key], (message as Fields)[key]),
  )
}

/** Inside of an object, a class is a value like any other. */
function matchesValue(pattern: unknown, value: unknown): boolean {
  return typeof pattern === "function"
    ? Object.is(pattern, value)
    : pattern === undefined
      ? value === undefined
      : matches(pattern, value)
}

/** The `prototype` of classes, the language's own too, cannot be assigned. */
function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false
}
