/** What an object has besides its kind: every kind with every change that can be made to its properties comes back the same. */
import { describe, expect, test } from "vitest"
import { clone, decode, encode, registerReference } from "../index.ts"

class Point {
  x = 1
  get double(): number {
    return this.x * 2
  }
}
class OwnMap extends Map<unknown, unknown> {}
class OwnList extends Array<unknown> {}
class OwnError extends Error {}
class OwnBytes extends Uint8Array {}
class OwnBuffer extends ArrayBuffer {}
for (const made of [Point, OwnMap, OwnList, OwnError, OwnBytes, OwnBuffer])
  registerReference(`properties.test.${made.name}`, made)

type Any = Record<PropertyKey, unknown>
const sparse: unknown[] = [1]
sparse[100_000] = 2

function argumentsOf(..._: unknown[]): object {
  // biome-ignore lint/complexity/noArguments: such an object is wanted
  return arguments
}

const kinds: Record<string, () => object> = {
  object: () => ({ a: 1 }),
  "null prototype": () => Object.assign(Object.create(null) as object, { a: 1 }),
  array: () => [1, 2],
  "sparse array": () => sparse.slice(),
  "array with holes": () => Object.assign(new Array<number>(3), { 0: 1, 2: 3 }),
  "empty array": () => [],
  "long array": () => Array.from({ length: 100 }, (_, i) => i),
  map: () => new Map([[1, 2]]),
  set: () => new Set([1]),
  date: () => new Date(5),
  "invalid date": () => new Date(Number.NaN),
  regexp: () => Object.assign(/a/gy, { lastIndex: 3 }),
  error: () => new Error("m", { cause: { c: 1 } }),
  "aggregate error": () => new AggregateError([new Error("1"), 2], "m", { cause: 3 }),
  "suppressed error": () => new SuppressedError(1, new Error("2"), "m"),
  "DOM exception": () => new DOMException("m", "AbortError"),
  buffer: () => new ArrayBuffer(4),
  "resizable buffer": () => new ArrayBuffer(4, { maxByteLength: 8 }),
  bytes: () => new Uint8Array([1, 2]),
  "no bytes": () => new Uint8Array(0),
  doubles: () => new Float64Array([1, -0, Number.NaN]),
  "data view": () => new DataView(new ArrayBuffer(8), 2, 3),
  "growing view": () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
  "boxed number": () => Object(-0) as object,
  "boxed string": () => Object("ab") as object,
  "boxed bigint": () => Object(5n) as object,
  "boxed symbol": () => Object(Symbol.iterator) as object,
  instance: () => new Point(),
  "own map": () => new OwnMap([[1, 2]]),
  "own list": () => OwnList.from([1, 2]),
  "own error": () => new OwnError("q"),
  "own bytes": () => new OwnBytes([1, 2]),
  "own buffer": () => new OwnBuffer(4),
  arguments: () => argumentsOf(1, 2),
}

const define = (object: object, key: PropertyKey, descriptor: PropertyDescriptor): object =>
  Object.defineProperty(object, key, descriptor)
const all = { writable: true, enumerable: true, configurable: true }
const key = Symbol.for("properties.test")

const changes: Record<string, (object: Any) => object> = {
  nothing: object => object,
  "a property": object => define(object, "extra", { ...all, value: 1 }),
  "a hidden property": object => define(object, "extra", { ...all, value: 1, enumerable: false }),
  "a read-only property": object => define(object, "extra", { ...all, value: 1, writable: false }),
  "a fixed property": object => define(object, "extra", { ...all, value: 1, configurable: false }),
  "an accessor": object => define(object, "extra", { get: Math.random, enumerable: true, configurable: true }),
  "a symbol": object => define(object, key, { ...all, value: -0 }),
  "a hidden symbol": object => define(object, key, { value: undefined }),
  "a property __proto__": object => define(object, "__proto__", { ...all, value: 7 }),
  "a property constructor": object => define(object, "constructor", { ...all, value: 7 }),
  "a property length": object => define(object, "length", { ...all, value: 7 }),
  "a property buffer": object => define(object, "buffer", { ...all, value: 7 }),
  "a property size": object => define(object, "size", { ...all, value: 7 }),
  "itself inside": object => define(object, "self", { ...all, value: object }),
  "an element that is an accessor": object => define(object, "0", accessor),
  "an element that is hidden": object => define(object, "0", { ...all, value: 9, enumerable: false }),
  closed: object => Object.preventExtensions(object),
  sealed: object => Object.seal(object),
  frozen: object => Object.freeze(object),
  "closed, with more": object => Object.preventExtensions(Object.assign(object, { extra: {} })),
  "sealed, with more": object => Object.seal(Object.assign(object, { extra: {} })),
  "frozen, with more": object => Object.freeze(Object.assign(object, { extra: {} })),
  "no prototype": object => Object.setPrototypeOf(object, null) as object,
  "another prototype": object => Object.setPrototypeOf(object, { inherited: 1 }) as object,
}
const accessor = { get: Math.random, enumerable: true, configurable: true }

/** Refused by name instead of changed: what cannot be made like that. */
const refused: Record<string, RegExp> = {
  arguments: /an arguments object with elements that|get \.callee/,
  "DOM exception": /DOMException.* is not portable/,
}

const contents: [PropertyKey, object][] = [
  ["valueOf", Number.prototype],
  ["valueOf", String.prototype],
  ["valueOf", BigInt.prototype],
  ["valueOf", Symbol.prototype],
  ["getTime", Date.prototype],
  ["entries", Map.prototype],
  ["values", Set.prototype],
  ["source", RegExp.prototype],
  ["flags", RegExp.prototype],
  ["byteLength", ArrayBuffer.prototype],
  ["maxByteLength", ArrayBuffer.prototype],
  ["buffer", Object.getPrototypeOf(Uint8Array.prototype) as object],
  ["byteOffset", Object.getPrototypeOf(Uint8Array.prototype) as object],
  ["byteLength", Object.getPrototypeOf(Uint8Array.prototype) as object],
  ["buffer", DataView.prototype],
  ["byteOffset", DataView.prototype],
  ["byteLength", DataView.prototype],
  ["name", DOMException.prototype],
  ["message", DOMException.prototype],
]

/** What the methods of kinds say of an object, whichever accept it. */
function contentOf(object: object): unknown[] {
  return contents.map(([name, prototype]) => {
    const { get, value } = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
    try {
      const content: unknown = Reflect.apply((get ?? value) as () => unknown, object, [])
      return typeof content === "object" && content !== null && Symbol.iterator in content
        ? [...(content as Iterable<unknown>)]
        : content
    } catch {
      return "other"
    }
  })
}

/** All that can be told of a value, as text. */
function told(value: unknown, seen: unknown[] = []): string {
  if (typeof value !== "object" || value === null)
    return `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`
  if (seen.includes(value)) return `#${seen.indexOf(value)}`
  seen.push(value)
  const prototype = Object.getPrototypeOf(value) as object | null
  const made: unknown = prototype === null ? null : Object.getOwnPropertyDescriptor(prototype, "constructor")?.value
  const parts = [typeof made === "function" ? made.name : told(prototype, seen), Object.prototype.toString.call(value)]
  parts.push(String([Object.isExtensible(value), Object.isSealed(value), Object.isFrozen(value)]))
  for (const name of Reflect.ownKeys(value)) {
    const { value: is, get, set, ...flags } = Object.getOwnPropertyDescriptor(value, name) as PropertyDescriptor
    const stack = name === "stack" && get !== undefined ? (value as { stack?: string }).stack : ""
    const accessors = stack === "" ? `${get?.name} ${set?.name}` : stack
    parts.push(`${String(name)} ${JSON.stringify(flags)} ${accessors} ${told(is, seen)}`)
  }
  return [
    ...parts,
    ...contentOf(value)
      .flat(2)
      .map(part => told(part, seen)),
  ].join("\n")
}

const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", value => decode(encode(value).bytes) as typeof value],
  ["clone", clone],
]

describe.each(ways)("%s", (_, go) => {
  test.each(Object.keys(kinds))(
    "%s keeps its properties with their attributes, its integrity and its prototype",
    kind => {
      for (const [change, make] of Object.entries(changes)) {
        const object = (kinds[kind] as () => object)()
        try {
          make(object as Any)
        } catch {
          continue // the language does not allow this change of this kind
        }
        const before = told(object)
        let copy: unknown
        try {
          copy = go({ object }).object
        } catch (error) {
          if (refused[kind]?.test(String(error)) !== true) throw new Error(`${kind} with ${change}`, { cause: error })
          continue
        }
        expect(told(copy), `${kind} with ${change}`).toBe(before)
        expect(told(object), `${kind} with ${change} is as it was`).toBe(before)
      }
    },
  )
})
