/** Owns object literals of compiled code that cannot be written as one literal: accessors, computed methods, homes. */
import {
  create,
  define,
  defineProperty,
  getOwnPropertyDescriptor,
  isArray,
  ownKeys,
  RealmProxy,
  setPrototypeOf,
} from "./intrinsics.ts"
import { superGet, superSet } from "./supers.ts"

/** With `made`, the value is a function that makes the accessor for its key. */
type Step = object | readonly [kind: "get" | "set" | "proto", key: PropertyKey, value: unknown, made?: true]

/** Puts a literal together: plain parts, and between them accessors and prototypes, in the order of the source. */
export function objectOf(first: object, ...steps: readonly Step[]): object {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step
    if (!isArray(step)) copy(first, step)
    else if (step[0] === "proto") {
      if (typeof step[2] === "object" || typeof step[2] === "function") setPrototypeOf(first, step[2] as object | null)
    } else accessor(first, step[0] as "get" | "set", step[1] as PropertyKey, step[2] as () => unknown, step[3] === true)
  }
  return first
}

function copy(target: object, source: object): void {
  const all = ownKeys(source)
  for (let i = 0; i < all.length; i++) {
    const key = all[i] as PropertyKey
    define(target, key, (source as Record<PropertyKey, unknown>)[key])
  }
}

function accessor(
  target: object,
  kind: "get" | "set",
  key: PropertyKey,
  fn: (key?: PropertyKey) => unknown,
  made: boolean,
): void {
  const descriptor = { __proto__: null, [kind]: made ? fn(key) : fn, enumerable: true, configurable: true }
  defineProperty(target, key, descriptor as object)
}

/** One property, whose function is made with its key as name. */
export function entry(key: PropertyKey, make: (key: PropertyKey) => unknown): object {
  return { [key]: make(key) }
}

/** An object for one method that uses `super`: its prototype stands for the prototype of the home, whatever that is then. */
export function homed<T extends object>(object: T, home: { readonly v: object }, strict: boolean): T {
  const handler: ProxyHandler<object> = {
    get: (_, key, self) => superGet(home, self, key),
    set: (_, key, value, self) => superSet(home, self, key, value, strict),
  }
  return setPrototypeOf(object, new RealmProxy(create(null), handler))
}

export function accessorOf(object: object, key: PropertyKey, kind: "get" | "set"): unknown {
  return getOwnPropertyDescriptor(object, key)?.[kind]
}
