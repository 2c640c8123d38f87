/**
 * Owns the small helpers that compiled code calls: names before their initialisation, assignments to constants, keys,
 * destructuring, spreads and arguments.
 */
import { SUSPENDED, type Suspended } from "@rove/core"
import { iterate } from "./cursor.ts"
import {
  append,
  apply,
  create,
  define,
  getOwnPropertyDescriptor,
  hasOwn,
  ITERATOR,
  keys,
  ownKeys,
  RealmTypeError,
  sliced,
  ToObject,
} from "./intrinsics.ts"
import type { Cursor } from "./iteration.ts"
import type { Machine } from "./machine.ts"

/** Value of a `let`, `const` or class before its declaration ran. */
export const TDZ: unique symbol = Symbol("rove.uninitialised")
/** The cell of a sloppy function's parameter that shares its value with an element of `arguments`. */
export class Aliased {
  readonly get: () => unknown
  readonly set: (value: unknown) => void
  constructor(get: () => unknown, set: (value: unknown) => void) {
    this.get = get
    this.set = set
  }
  get v(): unknown {
    return this.get()
  }
  set v(value: unknown) {
    this.set(value)
  }
}

/** A key that no array has: where it is looked up, the default applies. */
export const NONE: unique symbol = Symbol("rove.none")

function uninitialised(name: string): ReferenceError {
  return new ReferenceError(`Cannot access '${name}' before initialization`)
}

/** The value of a variable that may not be initialised yet. */
export function read(value: unknown, name: string): unknown {
  if (value === TDZ) throw uninitialised(name)
  return value
}

/** Target of an assignment to a constant: the right side is evaluated, then it throws. */
export function constant(value: unknown, name: string): { v: unknown } {
  return {
    get v() {
      return read(value, name)
    },
    set v(_) {
      read(value, name)
      throw new RealmTypeError("Assignment to constant variable.")
    },
  }
}

/** Target of an assignment that has no effect: in sloppy code, to the name of a function expression. */
export function ignored(value: unknown): { v: unknown } {
  return {
    get v() {
      return value
    },
    set v(_) {},
  }
}

/** Target of an assignment to a variable that may not be initialised yet. */
export function guarded(cell: { v: unknown }, name: string): { v: unknown } {
  return {
    get v() {
      return read(cell.v, name)
    },
    set v(value) {
      read(cell.v, name)
      cell.v = value
    },
  }
}

/** ToPropertyKey. */
export function toKey(value: unknown): PropertyKey {
  if (typeof value === "string" || typeof value === "symbol") return value
  const probe: Record<PropertyKey, boolean> = create(null)
  probe[value as PropertyKey] = true
  return ownKeys(probe)[0] as PropertyKey
}

/** RequireObjectCoercible, for patterns. */
export function coercible(value: unknown): void {
  if (value === undefined || value === null)
    throw new RealmTypeError(`Cannot destructure '${value}' as it is ${value}.`)
}

/** A value of an object pattern, which has properties; `what` is what the compiler knows of it. */
export function present<T>(value: T, what: string): T {
  if (value === undefined || value === null) throw new RealmTypeError(`Cannot destructure ${what} as it is ${value}.`)
  return value
}

/** An element of an array pattern that is taken apart; `reading` is what the engine says of its first property. */
export function readable<T>(value: T, reading: string): T {
  if (value === undefined || value === null) throw new RealmTypeError(`Cannot read properties of ${value}${reading}`)
  return value
}

/** The rest of an object pattern. */
export function rest(value: object | null | undefined, taken: readonly PropertyKey[]): object {
  if (value === undefined || value === null) throw new RealmTypeError(`Cannot read properties of ${value}`)
  const source = ToObject(value) as Record<PropertyKey, unknown>
  const result: Record<PropertyKey, unknown> = {}
  const left: Record<PropertyKey, true> = create(null)
  for (let i = 0; i < taken.length; i++) left[taken[i] as PropertyKey] = true
  const all = ownKeys(source)
  for (let i = 0; i < all.length; i++) {
    const key = all[i] as PropertyKey
    if (key in left) continue
    if (getOwnPropertyDescriptor(source, key)?.enumerable) define(result, key, source[key])
  }
  return result
}

/** An array that was made by a spread, to be spread again: no method of the program is asked for it. */
export function listed(array: readonly unknown[]): Iterable<unknown> {
  let i = 0
  const next = (): IteratorResult<unknown> =>
    i < array.length ? { value: array[i++], done: false } : { value: undefined, done: true }
  return { [ITERATOR]: () => ({ next }) }
}

/** Puts a portion of an array literal behind those before it; holes stay holes. */
export function joined(list: unknown[], portion: readonly unknown[]): unknown[] {
  for (let i = 0; i < portion.length; i++)
    if (hasOwn(portion, i)) append(list, portion[i])
    else list.length++
  return list
}

/** Iteration of an array pattern that may stop: it knows whether there is something left to close. */
export class Taker {
  readonly cursor: Cursor
  done = false
  value: unknown = undefined
  collected: unknown[] | null = null
  constructor(cursor: Cursor) {
    this.cursor = cursor
  }
  take(m: Machine, wanted = true): Suspended | undefined {
    this.value = undefined
    if (this.done) return undefined
    this.done = true // an iterator that throws is not closed
    const more = this.cursor.next(m, wanted)
    this.done = more === false
    if (more === SUSPENDED) return SUSPENDED
    if (more === true) this.value = this.cursor.value
    return undefined
  }
  /** A hole of the pattern. */
  skip(m: Machine): Suspended | undefined {
    return this.take(m, false)
  }
  rest(m: Machine): Suspended | undefined {
    this.collected ??= []
    while (!this.done) {
      if (this.take(m) === SUSPENDED) return SUSPENDED
      if (!this.done) append(this.collected, this.value)
    }
    this.value = this.collected
    this.collected = null
    return undefined
  }
  close(m: Machine): Suspended | undefined {
    return this.done ? undefined : this.cursor.close(m)
  }
  abandon(m: Machine): Suspended | undefined {
    return this.done ? undefined : this.cursor.abandon(m)
  }
}

export function taker(value: unknown, message?: string): Taker {
  return new Taker(iterate(value, message))
}

/** Clears a frame's locals before some are stored: none keeps something alive that is dead. */
export function wipe(frame: object): void {
  const fields = frame as Record<string, unknown>
  const names = keys(frame)
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    if (name !== "caller" && name !== "pc" && name !== "closure") fields[name] = undefined
  }
}

export function slice(args: ArrayLike<unknown>, from: number): unknown[] {
  return sliced(args, from)
}

const unmapped = function (this: unknown): IArguments {
  // biome-ignore lint/complexity/noArguments: this is what makes an arguments object
  return arguments
}
/** The `arguments` object of a strict function. */
export function argumentsOf(args: ArrayLike<unknown>): IArguments {
  return apply(unmapped, undefined, args)
}

const realm = globalThis
/** `this` of a sloppy function. */
export function sloppyThis(self: unknown): unknown {
  return self === undefined || self === null ? realm : ToObject(self)
}
