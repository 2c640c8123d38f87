/**
 * Owns generator objects of compiled functions: what ordinary code sees of a computation.
 *
 * They are native generator objects. The native body of a compiled function is one line, a loop around
 * `yield* begin(closure, this, [args])`, and what it delegates to is the `Iteration` here. So prototypes,
 * running-state errors, `return` before the start and the rest of the protocol are the engine's own.
 * The way back, from a generator object to its computation, is a call of the native `next` while `asked` is set: the
 * iteration answers it by naming its computation and stays where it was.
 */
import { type Closure, Computation, DONE, NEXT, RETURN, type ResumeKind, RUNNING, stampOf, THROW } from "@rove/core"
import { drive } from "./entry.ts"
import { apply, generatorNext, getPrototypeOf, isProxyLike } from "./intrinsics.ts"
import { outlive, outlivedBy } from "./outliving.ts"
import { outermost } from "./passed-on.ts"
import { machine } from "./thread.ts"

/** Whom `computationOf` asks, and the answer. */
const probe = { asked: null as object | null, answer: null as Computation | null }
const ANSWERED: IteratorResult<undefined> = { value: undefined, done: false }

class Iteration {
  readonly #computation: Computation
  /** The object that delegates to it, once it was asked for its computation. */
  #generator: object | null = null
  /** What is asked next whether it is done is a result that came through; see passed-on.ts. */
  #isLeft = false
  /** What the `yield*` of the outermost frame gives or throws, by that. */
  #pending: { readonly kind: ResumeKind; readonly value: unknown } | null = null
  constructor(computation: Computation) {
    this.#computation = computation
  }
  next(value: unknown): IteratorResult<unknown> {
    if (probe.asked !== null) {
      this.#generator = probe.asked
      probe.answer = this.#computation
      return ANSWERED
    }
    const pending = this.#pending
    if (pending === null) return this.#drive(NEXT, value)
    this.#pending = null
    outermost(this.#computation)
    return this.#drive(pending.kind, pending.value)
  }
  throw(error: unknown): IteratorResult<unknown> {
    return this.#drive(THROW, error)
  }
  return(value: unknown): IteratorResult<unknown> {
    return this.#drive(RETURN, value)
  }
  /**
   * Where compiled code runs the computation, the native generator rests, and lets its own code in. The error that
   * this code gets ends the native generator; so what is left of it goes on without.
   */
  #drive(kind: ResumeKind, value: unknown): IteratorResult<unknown> {
    const c = this.#computation
    if (c.status === RUNNING && this.#generator !== null) outlive(machine, this.#generator, c)
    const result = drive(c, kind, value)
    this.#isLeft = machine.left
    machine.left = false
    return result
  }
  /** The native `yield*` has ended: whether the computation has. */
  ends(value: unknown): boolean {
    return !this.#goesOn(NEXT, value)
  }
  /** The native `yield*` threw; what does not come from a result that came through goes on. */
  fails(error: unknown): void {
    if (!this.#goesOn(THROW, error)) throw error
  }
  #goesOn(kind: ResumeKind, value: unknown): boolean {
    if (!this.#isLeft) return false
    this.#isLeft = false
    this.#pending = { kind, value }
    return true
  }
  [Symbol.iterator](): this {
    return this
  }
}

/** What the native body of a compiled function delegates to. */
export function begin(closure: Closure, self: unknown, args: readonly unknown[]): Iterable<unknown> {
  return new Iteration(new Computation(closure, self, args)) as Iterable<unknown>
}

/** The same for a computation that has begun. */
export function proceed(computation: Computation): Iterable<unknown> & Pick<Iteration, "ends" | "fails"> {
  return new Iteration(computation) as Iterable<unknown> & Iteration
}

/**
 * The computation of a generator object of a compiled function; a done one if it has ended. Null for everything else,
 * and for a generator that runs at this moment.
 */
export function computationOf(generator: unknown): Computation | null {
  if (typeof generator !== "object" || generator === null) return null
  if (getPrototypeOf(generator) === Computation.prototype) return generator as Computation // as compiled code hands it to `spawn`
  const closure = ownerOf(generator)
  if (closure === undefined) return null
  const answer = ask(generator)
  if (answer === undefined) return null // it runs at this moment, or only looks like a generator
  if (answer !== null) return answer
  const left = outlivedBy(generator)
  if (left !== undefined) return left
  const ended = new Computation(closure, undefined, null)
  ended.status = DONE
  return ended
}

/** What the native body says; null if there is none any more, undefined if it cannot say anything. It starts the body. */
export function ask(generator: object): Computation | null | undefined {
  probe.asked = generator
  probe.answer = null
  try {
    apply(generatorNext, generator, [undefined])
    return probe.answer
  } catch {
    return undefined
  } finally {
    probe.asked = probe.answer = null
  }
}

/**
 * The closure whose generator this object is: its function's prototype object carries the stamp. Proxies have none: asking
 * for the prototype would run a trap, and a proxy of a generator cannot be resumed natively either.
 */
function ownerOf(generator: object): Closure | undefined {
  if (isProxyLike(generator)) return undefined
  return stampOf(getPrototypeOf(generator))
}
