/**
 * Owns the language's own functions as values: a callee that waits for an argument which stops (`list.push(yield* f())`)
 * is kept in the frame, and is carried by its name.
 *
 * What turns text into code has no name here: a record could use it against the program.
 */
import { type Reference, referenceOf } from "./references.ts"

// the table is made at first use, when a program may have replaced them
const { toString: sourceOf } = Function.prototype
const { exec } = RegExp.prototype
const { apply } = Reflect

const GLOBALS = [
  "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError",
  "FinalizationRegistry Float16Array Float32Array Float64Array Int16Array Int32Array Int8Array Intl Iterator JSON Map Math",
  "Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol",
  "SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet console",
  "decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt",
]
  .join(" ")
  .split(" ")

/** What no name leads to, though it can be reached. */
const HIDDEN: readonly [string, object][] = [
  ["%TypedArray%", Object.getPrototypeOf(Uint8Array)],
  ["%ArrayIterator%", Object.getPrototypeOf([].values())],
  ["%MapIterator%", Object.getPrototypeOf(new Map().values())],
  ["%SetIterator%", Object.getPrototypeOf(new Set().values())],
  ["%StringIterator%", Object.getPrototypeOf(""[Symbol.iterator]())],
  ["%RegExpStringIterator%", Object.getPrototypeOf("".matchAll(/a/g))],
  ["%Generator%", Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()))],
  ["Function.prototype", Function.prototype],
]

const byValue = new Map<unknown, Reference>()
const byName = new Map<string, Reference>()
/** At first use: there are more than a thousand. */
let isCollected = false

/** Objects of functions, of which there is one on each thread: a copy would be another. */
const NAMESPACES = ["Math", "JSON", "Reflect", "Atomics", "Intl", "console"]

/** The name of a function (or namespace) of the language, or of the console; undefined for all others. */
export function nativeOf(value: object): Reference | undefined {
  if (!isCollected) collect()
  return byValue.get(value)
}

/** The same for one in whose place the program had something else when names were given. Slow: for what would be refused. */
export function nativeByNow(value: object): Reference | undefined {
  if (typeof value !== "function" || !(isNative(value) || isBound(value))) return undefined
  collect()
  return byValue.get(value)
}

/** Whether it is one of the language's that the program has not registered itself. */
export function isUnnamed(value: unknown): boolean {
  return typeof value === "function" && nativeOf(value) !== undefined && referenceOf(value) === undefined
}

export function findNative(name: string): Reference | undefined {
  if (!name.startsWith(PREFIX)) return undefined
  if (!isCollected || !byName.has(name)) collect()
  return byName.get(name)
}

const PREFIX = "js:"

/** Names those that are there and have none. */
function collect(): void {
  isCollected = true
  const unsafe = new Set<unknown>([
    Function,
    Function.prototype,
    function* () {}.constructor,
    (async () => {}).constructor,
  ])
  unsafe.add(async function* () {}.constructor)
  const enter = (name: string, value: unknown): void => {
    const reference: Reference = { name: PREFIX + name, value, url: "" }
    if (byValue.has(value) || byName.has(reference.name)) return
    byValue.set(value, reference)
    byName.set(reference.name, reference)
  }
  const add = (name: string, value: unknown): void => {
    if (typeof value !== "function" || unsafe.has(value) || byValue.has(value)) return
    if (isNative(value) || (name.startsWith("console") && isBound(value))) enter(name, value)
  }
  const members = (name: string, object: unknown): void => {
    if ((typeof object !== "object" || object === null) && typeof object !== "function") return
    for (const key of Reflect.ownKeys(object)) {
      const { value } = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor
      add(typeof key === "symbol" ? `${name}[${key.description}]` : `${name}.${key}`, value)
    }
  }
  for (const name of GLOBALS) {
    const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value
    add(name, value)
    if (NAMESPACES.includes(name) && typeof value === "object") enter(name, value)
    members(name, value)
    if (typeof value === "function")
      members(`${name}.prototype`, Object.getOwnPropertyDescriptor(value, "prototype")?.value)
  }
  for (const [name, object] of HIDDEN) members(name, object)
}

/** Whether it is the language's: what a program put in the place of such a function is the program's, whatever it says in a comment. */
export function isNative(value: object): boolean {
  return hasText(value, NATIVE)
}
const NATIVE = /^function [^(/]+\(\)\s*\{\s*\[native code\]\s*\}$/

/** Whether it has no text of its own and no name there: it was bound, as Node made most of its console, or is a Proxy. */
function isBound(value: object): boolean {
  return hasText(value, BOUND)
}
const BOUND = /^function \(\)\s*\{\s*\[native code\]\s*\}$/

function hasText(value: object, pattern: RegExp): boolean {
  return apply(exec, pattern, [apply(sourceOf, value, [])]) !== null
}
