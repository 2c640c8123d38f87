/**
 * Owns properties of `super` where it cannot stand as it is: looked up from the prototype of the home object, with a
 * receiver of our own. What fails there is left to the engine, so that the error is its own.
 */
import { toKey } from "./emitted.ts"
import { apply, getPrototypeOf, reflectGet, reflectSet } from "./intrinsics.ts"

interface Property {
  v: unknown
}
type Home = { readonly v: object }

/** A property of `super`; a value that it does not take is an error. */
export function superOf(home: Home, self: unknown, key: PropertyKey): Property {
  return {
    get v() {
      return superGet(home, self, toKey(key))
    },
    set v(value) {
      superSet(home, self, toKey(key), value, true)
    },
  }
}

/** The same in sloppy code: an assignment that fails has no effect. */
export function looseSuperOf(home: Home, self: unknown, key: PropertyKey): Property {
  return {
    get v() {
      return superGet(home, self, toKey(key))
    },
    set v(value) {
      superSet(home, self, toKey(key), value, false)
    },
  }
}

export function superGet({ v: home }: Home, self: unknown, key: PropertyKey): unknown {
  const base: object | null = getPrototypeOf(home)
  return base === null ? apply(methodsOf(base).get, self, [key]) : reflectGet(base, key, self)
}

/** Whether the value was taken; in strict code it is, or it is an error. */
export function superSet({ v: home }: Home, self: unknown, key: PropertyKey, value: unknown, strict: boolean): boolean {
  const base: object | null = getPrototypeOf(home)
  if (!strict && base !== null) return reflectSet(base, key, value, self)
  apply(methodsOf(base).set, self, [key, value])
  return true
}

/** What the engine does with a property of `super` in a method whose home has that prototype. */
function methodsOf(base: object | null) {
  return {
    __proto__: base as { [key: PropertyKey]: unknown },
    // the checker knows no properties of `super` in a literal
    get(key: PropertyKey): unknown {
      return super[key as never]
    },
    set(key: PropertyKey, value: unknown): void {
      super[key as never] = value as never
    },
  }
}

/** `delete super.x`; a computed key has been evaluated. */
export function deleteSuper(): never {
  throw new ReferenceError("Unsupported reference to 'super'")
}
