/**
 * Owns calls whose callee is written in another way than in the source: with a receiver, and with the name under which V8
 * would speak of it. `name`: one that begins with "=" is the message; "!" stands for what the engine applies, and calls by
 * its value, "*" for what `yield*` delegates to, with what is behind that.
 */
import {
  apply,
  arrayPrototype,
  functionCall,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  ITERATOR,
  isArray,
  isProxyLike,
  RealmProxy,
  RealmTypeError,
  substring,
  ToObject,
  ToString,
} from "./intrinsics.ts"
import { makers } from "./iterators/origin.ts"
import { delegatedName, notIterable } from "./not-iterable.ts"
import { joiner } from "./spawner.ts"

/** A function that is called without receiver; what is none fails at the call, behind the evaluation of the arguments. */
export function callable(fn: unknown, name: string): (...args: unknown[]) => unknown {
  if (typeof fn === "function") return fn as () => unknown
  return () => {
    throw notCallable(fn, name)
  }
}

/** The same for an optional call, which does without a function if there is nothing. */
export function callableIfAny(fn: unknown, name: string): ((...args: unknown[]) => unknown) | undefined | null {
  return fn === undefined || fn === null ? fn : callable(fn, name)
}

/** The same for `new`. */
export function constructible(fn: unknown, name: string): unknown {
  if (typeof fn === "function" && isConstructor(fn)) return fn
  return class {
    constructor() {
      throw new RealmTypeError(
        `${name === "!" ? shown(fn) : name[0] === "*" ? delegatedName(name) : name} is not a constructor`,
      )
    }
  }
}

const constructors = new WeakSet()
const { add: note, has: noted } = WeakSet.prototype
/** Takes the place of the constructor, so that none of the program's code runs. */
const empty: ProxyHandler<() => void> = {
  construct() {
    return {}
  },
}
function isConstructor(fn: object): boolean {
  if (apply(noted, constructors, [fn])) return true
  try {
    // a Proxy of a function is one that `new` takes if the function is: that is what is asked
    ;new (new RealmProxy(fn as () => void, empty) as unknown as new () => object)()
  } catch {
    return false
  }
  apply(note, constructors, [fn])
  return true
}

/** Calls with a receiver, so that the iterators of the language are made with their origin; `name` is the callee as the source has it. */
export function call(fn: unknown, self: unknown, name: string, ...args: unknown[]): unknown {
  if (fn === joiner.fn) return joiner.make(self)
  return called(fn, self, name, args)
}

function called(fn: unknown, self: unknown, name: string, args: unknown[]): unknown {
  if (typeof fn !== "function" || (fn === named && !callsAny(self, args))) throw notCallable(fn, name)
  return makers.get(fn)?.(self, args) ?? apply(fn, self, args)
}

// an imported constant is not folded into the code
const run = apply

/** The object of a call that is under way: of each only while its method is read. */
export const at: { o: unknown } = { o: undefined }

/** Calls a method of an object that the source calls otherwise than the emitted text does. */
export function invoke(self: unknown, fn: unknown, name: string, ...args: unknown[]): unknown {
  if (typeof fn !== "function" || (fn === named && !callsAny(self, args))) throw notCallable(fn, name)
  return run(fn, self, args)
}

/** `call`, if this engine names what stands in front of the arguments where that finds no function; V8 did before 14, now `call` says itself what it found. */
const named = messageOf(() => apply(functionCall, 5, [])).startsWith("Function.prototype.call") ? null : functionCall

function messageOf(fails: () => unknown): string {
  try {
    fails()
    return ""
  } catch (error) {
    return (error as Error).message
  }
}

/** Whether `call` finds a function, `call` itself aside. */
function callsAny(self: unknown, args: readonly unknown[]): boolean {
  let fn = self
  for (let i = 0; fn === functionCall; i++) fn = i < args.length ? args[i] : undefined
  return typeof fn === "function"
}

/** The same for an optional call: what it calls, if there is something. */
export function boundOn(self: unknown, fn: unknown, name: string): unknown {
  at.o = undefined
  return bound(fn, self, name)
}

/** Of a chain that may end early: whether it does. */
export function isNone(value: unknown): boolean {
  return value === undefined || value === null
}

/** What may not stand without parentheses, which at the beginning of a line would be those of a call. */
export function value<T>(value: T): T {
  return value
}

/** As `call`, for a receiver that is evaluated once: looks the method up, and gives what takes the arguments. */
export function method(self: unknown, key: PropertyKey, name: string): (...args: unknown[]) => unknown {
  const fn = (self as Record<PropertyKey, unknown>)[key]
  return (...args) => called(fn, self, name, args)
}

/** A method with its receiver; what is none fails at the call, and what is not there stays as it is. */
export function bound(fn: unknown, self: unknown, name: string): unknown {
  return typeof fn === "function" ? (...args: unknown[]) => apply(fn, self, args) : callableIfAny(fn, name)
}

/** What an ordinary function iterates: itself, unless it cannot be. No code of the program is asked. */
export function iterable(value: unknown, message: string): unknown {
  if (isArray(value) && hasOwn(arrayPrototype, ITERATOR)) return value
  for (let o = isNone(value) ? null : (ToObject(value) as object | null); o !== null; o = getPrototypeOf(o)) {
    if (isProxyLike(o)) return value
    const own = getOwnPropertyDescriptor(o, ITERATOR)
    if (own === undefined) continue
    if (own.get !== undefined || typeof own.value === "function") return value
    break
  }
  throw notIterable(value, message)
}

export function notCallable(fn: unknown, name: string): TypeError {
  if (name[0] === "*") return notIterable(fn, name)
  if (name[0] === "=") return new RealmTypeError(substring(name, 1, name.length))
  if (name !== "!") return new RealmTypeError(`${name} is not a function`)
  return new RealmTypeError(messageOf(() => apply(fn as () => unknown, undefined, [])))
}

/** A value as V8 shows it in messages. */
function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return ToString(value)
  if (isArray(value)) return "[object Array]"
  for (let o: object | null = value; o !== null && !isProxyLike(o); o = getPrototypeOf(o)) {
    const made: unknown = getOwnPropertyDescriptor(o, "constructor")?.value
    const name: unknown = typeof made === "function" ? getOwnPropertyDescriptor(made, "name")?.value : undefined
    if (typeof name === "string" && name !== "") return `#<${name}>`
  }
  return "#<Object>"
}
