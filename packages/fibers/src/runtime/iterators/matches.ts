/**
 * Owns iterators of matches: `text.matchAll(pattern)`.
 *
 * The language makes a copy of the pattern for each of them, which holds the position. We make that copy, so that we know
 * it, and hand it to the language's own method as what the pattern's class would make.
 */
import { isNatural, isText, isTruth, registerKind } from "@rove/core"
import {
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  MAX_SAFE_INTEGER,
  min,
  ownKeys,
  reflectGet,
  trunc,
} from "../intrinsics.ts"
import { asObjects, first, makers, originOf, withOrigin } from "./origin.ts"

const prototype = RegExp.prototype
const { matchAll } = String.prototype
const regexpMatchAll = prototype[Symbol.matchAll] as (this: object, text: string) => Iterator<unknown>
const { exec } = prototype
const getterOf = (object: object, key: PropertyKey) => getOwnPropertyDescriptor(object, key)?.get
const getFlags = getterOf(prototype, "flags")
const getSource = getterOf(prototype, "source") as (this: object) => string
const getSpecies = getterOf(RegExp, Symbol.species)
const matchNext = (getPrototypeOf("".matchAll(/a/g)) as Iterator<unknown>).next

class MatchOrigin {
  readonly matcher: RegExp
  text: string
  done = false
  constructor(matcher: RegExp, text: string) {
    this.matcher = matcher
    this.text = text
  }
  /** One search, as the language makes it. */
  search(): unknown {
    // a getter is asked about the pattern of the iterator, which has our own method
    const own: unknown = reflectGet(prototype, "exec", this.matcher)
    const found: unknown = this.done
      ? null
      : apply((typeof own === "function" ? own : exec) as typeof exec, this.matcher, [this.text])
    this.done = found === null || !this.matcher.global
    return found
  }
}

function over(source: string, flags: string, lastIndex: number, text: string): Iterator<unknown> {
  const matcher = new RegExp(source, flags)
  matcher.lastIndex = lastIndex
  const origin = new MatchOrigin(matcher, text)
  defineProperty(matcher, "exec", { value: () => origin.search() })
  function Species() {
    return matcher
  }
  const pattern = { flags, lastIndex, constructor: { [Symbol.species]: Species } }
  return withOrigin(apply(regexpMatchAll, pattern, [text]), origin)
}

/** Whether nothing of the program would be asked on the way from the pattern to the iterator. */
function isPristine(pattern: unknown): pattern is RegExp {
  return (
    typeof pattern === "object" &&
    pattern !== null &&
    isRegExp(pattern) &&
    getPrototypeOf(pattern) === prototype &&
    ownKeys(pattern).length === 1 &&
    typeof (pattern as RegExp).lastIndex === "number" &&
    prototype[Symbol.matchAll] === regexpMatchAll &&
    getterOf(prototype, "flags") === getFlags &&
    prototype.constructor === RegExp &&
    getterOf(RegExp, Symbol.species) === getSpecies
  )
}

function isRegExp(value: object): boolean {
  try {
    apply(getSource, value, [])
    return value !== prototype
  } catch {
    return false
  }
}

function of(pattern: RegExp, text: string): Iterator<unknown> {
  const { flags, lastIndex } = pattern
  // ToLength
  const from = lastIndex > 0 ? min(trunc(lastIndex), MAX_SAFE_INTEGER) : 0
  return over(apply(getSource, pattern, []), flags, from, text)
}

makers.set(matchAll, (self, args) => {
  const pattern = first(args)
  return typeof self === "string" && isPristine(pattern) && pattern.global ? of(pattern, self) : null
})
makers.set(regexpMatchAll, (self, args) => {
  const text = first(args)
  return typeof text === "string" && isPristine(self) ? of(self, text) : null
})

interface Parts {
  readonly source: string
  readonly flags: string
  readonly lastIndex: number
  readonly text: string
  readonly done: boolean
}

registerKind<object, Parts>({
  name: "rove.match-iterator",
  ...asObjects,
  test: value => originOf(value) instanceof MatchOrigin,
  take(iterator) {
    const { matcher, text, done } = originOf(iterator) as MatchOrigin
    const { flags, lastIndex } = matcher
    return { source: apply(getSource, matcher, []), flags, lastIndex, text, done }
  },
  fields: { source: isText, flags: isText, lastIndex: isNatural, text: isText, done: isTruth },
  allocate(parts?) {
    const { source, flags, lastIndex, text, done } = parts as Parts
    const iterator = over(source, flags, lastIndex, text)
    if (done) {
      ;(originOf(iterator) as MatchOrigin).done = true
      apply(matchNext, iterator, [])
    }
    return iterator as object
  },
})
