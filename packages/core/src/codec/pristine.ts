/**
 * Owns working under a program that has changed how arrays are iterated: our own loops must not run its code, nor fail
 * because of it. The change is taken back for the time of one call, and then made again.
 */

const arrayPrototype = Array.prototype
const iteratorPrototype = Object.getPrototypeOf([][Symbol.iterator]()) as { next: unknown }
const values = arrayPrototype[Symbol.iterator]
const { next } = iteratorPrototype
const { defineProperty, getOwnPropertyDescriptor } = Object

/** Whether nothing is changed: then the work need not be wrapped. */
export function isPristine(): boolean {
  return arrayPrototype[Symbol.iterator] === values && iteratorPrototype.next === next
}

/** Runs `work` with arrays iterated as the language has it. */
export function pristine<T>(work: () => T): T {
  if (isPristine()) return work()
  const restore = [set(arrayPrototype, Symbol.iterator, values), set(iteratorPrototype, "next", next)]
  try {
    return work()
  } finally {
    for (let i = 0; i < restore.length; i++) restore[i]?.()
  }
}

/** Sets a property if it can be set; gives what puts the program's own back. */
function set(object: object, key: PropertyKey, value: unknown): () => void {
  const own = getOwnPropertyDescriptor(object, key)
  if (own !== undefined && own.configurable !== true) return () => {}
  defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true })
  return () => {
    if (own === undefined) delete (object as Record<PropertyKey, unknown>)[key]
    else defineProperty(object, key, own)
  }
}
