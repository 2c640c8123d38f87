/**
 * Owns properties of `super` where it cannot stand as it is: looked up from the prototype of the home object, with a
 * receiver of our own. What fails there is left to the engine, so that the error is its own.
 */
import { toKey } from "./emitted.ts"
import { apply, getPrototypeOf, reflectGet, reflectSet, setPrototypeOf } from "./intrinsics.ts"

interface Property {
  v: unknown
}
type Home = { readonly v: object }

/** A property of `super`; a value that it does not take is an error. */
export function superOf(home: Home, self: unknown, key: PropertyKey): Property {
  return propertyOf(home, self, key, true)
}

/** The same in sloppy code: an assignment that fails has no effect. */
export function looseSuperOf(home: Home, self: unknown, key: PropertyKey): Property {
  return propertyOf(home, self, key, false)
}

function propertyOf(home: Home, self: unknown, key: PropertyKey, strict: boolean): Property {
  return {
    get v() {
      return inOrder(home, key, (base, name) => getFrom(base, self, name))
    },
    set v(value) {
      inOrder(home, key, (base, name) => setIn(base, self, name, value, strict))
    },
  }
}

export function superGet({ v: home }: Home, self: unknown, key: PropertyKey): unknown {
  return getFrom(getPrototypeOf(home), self, key)
}

/** Whether the value was taken; in strict code it is, or it is an error. */
export function superSet({ v: home }: Home, self: unknown, key: PropertyKey, value: unknown, strict: boolean): boolean {
  return setIn(getPrototypeOf(home), self, key, value, strict)
}

/**
 * Whether this engine finds the prototype before it converts the key, as ECMA-262 has it since the conversion is part of the access
 * (MakeSuperPropertyReference): V8 does from 14 on, and did the key first before.
 */
const findsFirst = prototypeFirst()

function prototypeFirst(): boolean {
  const probe = {
    __proto__: { x: true },
    get(key: PropertyKey): unknown {
      return super[key as never]
    },
  }
  const key = {
    toString(): string {
      setPrototypeOf(probe, {})
      return "x"
    },
  }
  return probe.get(key as never) === true
}

/** Looks the prototype up and converts the key, in the engine's order. */
function inOrder<T>({ v: home }: Home, key: unknown, then: (base: object | null, key: PropertyKey) => T): T {
  const base: object | null = findsFirst ? getPrototypeOf(home) : null
  const name = toKey(key)
  return then(findsFirst ? base : getPrototypeOf(home), name)
}

function getFrom(base: object | null, self: unknown, key: PropertyKey): unknown {
  return base === null ? apply(methodsOf(base).get, self, [key]) : reflectGet(base, key, self)
}

function setIn(base: object | null, self: unknown, key: PropertyKey, value: unknown, strict: boolean): boolean {
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
