/**
 * Owns the errors that Node throws (`ERR_…`): their class is inside of Node, where nobody can get at it by name.
 *
 * Such an error is one of the language's, with a prototype per code in between. A record names class and code; the
 * destination takes the prototype that Node has there for them if it was seen, and else makes one that acts alike.
 */

/** What is known of a prototype between an error and the prototype of the language's class. */
export interface Between {
  readonly base: object
  readonly code: string
  /** Errors that leave Node's own frames out of their stacks have one more prototype. */
  readonly hides: boolean
}

const { defineProperties, getOwnPropertyDescriptor, getOwnPropertySymbols, getPrototypeOf } = Object
const MARK = "kIsNodeError"
const between = new WeakMap<object, Between>()
/** By the prototype of the language's class, then by code; made-up codes of forged records must not fill the memory. */
const known = new Map<object, Map<string, object>>()
const LIMIT = 1000

/** Class and code of an error of Node's, whose prototype is `prototype`; null for all others. Runs no code of the error. */
export function nodeErrorOf(error: object, prototype: object, isBase: (prototype: object) => boolean): Between | null {
  const seen = between.get(prototype)
  if (seen !== undefined) return seen
  const code: unknown = getOwnPropertyDescriptor(error, "code")?.value
  const hides = !isMarked(prototype)
  const marked = hides ? (getPrototypeOf(prototype) as object | null) : prototype
  if (typeof code !== "string" || marked === null || !isMarked(marked)) return null
  const base = getPrototypeOf(marked) as object | null
  return base === null || !isBase(base) ? null : remember({ base, code, hides }, prototype)
}

function isMarked(prototype: object): boolean {
  return getOwnPropertySymbols(prototype).some(symbol => symbol.description === MARK)
}

function remember(what: Between, prototype: object): Between {
  between.set(prototype, what)
  let codes = known.get(what.base)
  if (codes === undefined) {
    codes = new Map()
    known.set(what.base, codes)
  }
  if (codes.size >= LIMIT) codes.clear()
  codes.set(keyOf(what), prototype)
  return what
}

function keyOf({ code, hides }: Between): string {
  return hides ? `${code} hides` : code
}

/** The prototype of such an error. */
export function nodeErrorPrototype(what: Between): object {
  const { base, code } = what
  const found = known.get(base)?.get(keyOf(what))
  if (found !== undefined) return found
  const made = defineProperties(Object.create(base) as object, {
    constructor: { get: () => (base as { constructor: unknown }).constructor, configurable: true },
    toString: {
      value(this: Error) {
        return `${this.name} [${code}]: ${this.message}`
      },
      writable: true,
      configurable: true,
    },
  })
  remember(what, made)
  return made
}
