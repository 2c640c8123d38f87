/** Owns making a value immutable, as far as the language allows. */

/** Freezes plain objects and arrays all the way down; leaves what cannot be frozen (a Map, a buffer, an instance) as it is. */
export function freezeDeep<T>(value: T): T {
  const rest = new Set<object>()
  const add = (part: unknown) => {
    if (typeof part === "object" && part !== null && isPlain(part)) rest.add(part)
  }
  add(value)
  // a set goes on to what is added while it is gone through
  for (const object of rest) {
    Object.freeze(object)
    for (const key of Reflect.ownKeys(object)) add(Object.getOwnPropertyDescriptor(object, key)?.value)
  }
  return value
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return Array.isArray(object) ? prototype === Array.prototype : prototype === Object.prototype || prototype === null
}
