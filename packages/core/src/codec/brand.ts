/** Owns telling what an object really is: by what only such an object's own methods accept. */

/** A test by a method (or getter) of an intrinsic, which throws for anything else. */
export function accepts(method: (this: never) => unknown): (value: object) => boolean {
  return value => {
    try {
      Reflect.apply(method, value, [])
      return true
    } catch {
      return false
    }
  }
}

/** What a method (or getter) of an intrinsic gives for a value; undefined if that is nothing of the kind. */
export function asked<T>(method: (this: never) => T, value: object): T | undefined {
  try {
    return Reflect.apply(method, value, []) as T
  } catch {
    return undefined
  }
}

/** The getter of an accessor property; the test needs the one that was there first. */
export function getter(prototype: object, key: PropertyKey): (this: never) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: never) => unknown
}
