/**
 * Owns the origin of built-in iterators that a program makes and can see: what is iterated, how, and where it stands.
 *
 * Nobody can ask an iterator of the language for any of that. So compiled code makes them through `call`, which gives the
 * program an iterator of the language all the same, over something that the runtime watches, stamped with its origin.
 */
import { Adopt } from "@rove/core"
import { getPrototypeOf, sliced } from "../intrinsics.ts"

class Stamp extends Adopt {
  #origin: object
  #prototype: object | null
  constructor(target: object, origin: object) {
    super(target)
    this.#origin = origin
    this.#prototype = getPrototypeOf(target) as object | null
  }
  static read(target: object): object | undefined {
    return #origin in target ? (target as Stamp).#origin : undefined
  }
  static isAsMade(target: object): boolean {
    return #origin in target && (target as Stamp).#prototype === getPrototypeOf(target)
  }
}

export function withOrigin<T extends object>(iterator: T, origin: object): T {
  new Stamp(iterator, origin)
  return iterator
}

/** The origin of an iterator that compiled code made. */
export function originOf(iterator: object): object | undefined {
  return Stamp.read(iterator)
}

/** What all kinds of such iterators have in common: they are objects like others beside what they iterate. */
export const asObjects = {
  properties: true,
  refuse: (iterator: object): string | null =>
    Stamp.isAsMade(iterator) ? null : "an iterator that was given another prototype is not portable",
} as const

/** Makes what a method of the language makes, with its origin; null leaves it to the method itself. */
export type Maker = (self: unknown, args: readonly unknown[]) => object | null

/** By method. What looks one up is its own, which programs cannot replace. */
export const makers: ReadonlyMap<unknown, Maker> & Pick<Map<unknown, Maker>, "set"> = Object.defineProperty(
  new Map<unknown, Maker>(),
  "get",
  { value: Map.prototype.get },
)

/**
 * The first of some arguments. A pattern would ask their iterator for a `return` that a program put on its prototype, an
 * index alone would find what it put on that of arrays.
 */
export function first(args: readonly unknown[]): unknown {
  return args.length > 0 ? args[0] : undefined
}

// `Array.prototype.values.call(x)`
makers.set(Function.prototype.call, (self, args) => makers.get(self)?.(first(args), sliced(args, 1)) ?? null)
