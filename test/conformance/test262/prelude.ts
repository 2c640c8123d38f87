/**
 * Owns what stands in each realm before a test: the runtime, and what encodes and decodes computations. It is bundled;
 * `__moved` takes a generator and what it yielded through bytes.
 */
import "../../../packages/fibers/src/standalone.ts"
import { computationOf } from "../../../packages/fibers/src/runtime/generator.ts"
import { Mover, reachable, Standing, unnamed } from "../moves.ts"

/** What the native body of a compiled function delegates to. */
interface Begun extends Iterable<unknown> {
  ends(value: unknown): boolean
  fails(error: unknown): void
}

interface Globals {
  /** Set by the runner: every generator of compiled code moves at each of its yields, whoever drives it. */
  __moveAll?: boolean
  __moved?: unknown
  /** Set by the runner: what the program hangs on the realm, wherever, stops whole moves. */
  __wary?: boolean
  /** Set by the runner: what the harness declares without hanging it on the global object. */
  __harness?: unknown
  /** Told at the end what was in the way. */
  __moves?: unknown
  rove: { begin(closure: { fn?: { prototype?: object } }, self: unknown, args: readonly unknown[]): Begun }
}
const globals = globalThis as unknown as Globals

/** The runner says whether the compiler found the wrapped program to be dynamic, and is told whether it is native. */
const moves = { whole: 0, frames: 0, partly: new Map<string, number>(), isDynamic: false, isNative: false }
const owned = reachable([globalThis, globals.__harness, ...unnamed()])
const mover = new Mover(owned, new Set(), moves, globals.__wary === true ? new Standing(languageOf(owned)) : null)
const hidden = (key: string, value: unknown) => Object.defineProperty(globalThis, key, { value, enumerable: false })
hidden("__moved", (pair: { readonly generator: unknown }) => {
  if (!moves.isDynamic || computationOf(pair.generator) !== null) return mover.move(pair)
  moves.isNative = true
  return pair
})
hidden("__moves", moves)

/** All but what is no part of the language. */
function* languageOf(objects: ReadonlySet<object>): Generator<object> {
  for (const object of objects) if (object !== moves) yield object
}

/** What a generator gives when the runtime asks which computation it stands for: then it does not run. */
let answer: unknown = null
let learning = false

/** Stands between a test's generator object and its computation, which is replaced at each yield. */
class Moving implements Iterator<unknown>, Begun {
  #inner: Generator
  constructor(inner: Generator) {
    this.#inner = inner
  }
  next(value?: unknown): IteratorResult<unknown> {
    return this.#after(this.#inner.next(value))
  }
  throw(value: unknown): IteratorResult<unknown> {
    return this.#after(this.#inner.throw(value))
  }
  return(value: unknown): IteratorResult<unknown> {
    return this.#after(this.#inner.return(value))
  }
  /** What the native body asks at its end: the shell has asked its computation. */
  ends(): true {
    return true
  }
  fails(error: unknown): never {
    throw error
  }
  [Symbol.iterator](): this {
    return this
  }
  /** Tests hold what they yield and what they gave, so that values stay, and the frames move. */
  #after(result: IteratorResult<unknown>): IteratorResult<unknown> {
    if (learning) answer = result
    if (result !== answer && result.done !== true) this.#inner = mover.moveFrames({ generator: this.#inner }).generator
    return result
  }
}

/** As the native body of a compiled function. */
const shell = {
  *of(iterable: Begun): Generator {
    for (;;) {
      try {
        const result: unknown = yield* iterable
        if (iterable.ends(result)) return result
      } catch (error) {
        iterable.fails(error)
      }
    }
  },
}

if (globals.__moveAll === true) {
  const { rove } = globals
  const { begin } = rove
  const { setPrototypeOf } = Object
  const wrapped: typeof begin = (closure, self, args) => {
    const inner = shell.of(begin(closure, self, args))
    if (closure.fn?.prototype) setPrototypeOf(inner, closure.fn.prototype)
    return new Moving(inner)
  }
  rove.begin = (closure, self, args) => {
    if (answer === null && closure.fn?.prototype) {
      learning = true
      computationOf(setPrototypeOf(shell.of(wrapped(closure, undefined, [])), closure.fn.prototype))
      learning = false
    }
    return wrapped(closure, self, args)
  }
}
