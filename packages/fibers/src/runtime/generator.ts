/**
 * Owns generator objects of compiled functions: what ordinary code sees of a computation.
 *
 * They are native generator objects. The native body of a compiled function is one line,
 * `return yield* begin(closure, this, [args])`, and what it delegates to is the `Iteration` here. So prototypes,
 * running-state errors, `return` before the start and the rest of the protocol are the engine's own.
 * The way back, from a generator object to its computation, is a call of the native `next` while `asked` is set: the
 * iteration answers it by naming its computation and stays where it was.
 */
import {
  type Closure,
  Computation,
  DONE,
  NEXT,
  RETURN,
  type ResumeKind,
  RUNNING,
  stampOf,
  THROW,
  UNSTARTED,
} from "@rove/core"
import { FRAMED } from "./events.ts"
import {
  apply,
  generatorNext,
  generatorReturn,
  generatorThrow,
  getPrototypeOf,
  isProxyLike,
  min,
  reflectDefine,
} from "./intrinsics.ts"
import { NATIVE_DEPTH } from "./machine.ts"
import { passedOn } from "./passed-on.ts"
import { limitOf } from "./recursion.ts"
import { advance, ENDED, resume } from "./run.ts"
import { withCallers } from "./stacks.ts"
import { machine } from "./thread.ts"

/** Whom `computationOf` asks, and the answer. */
const probe = { asked: null as object | null, answer: null as Computation | null }
const ANSWERED: IteratorResult<never> = { value: undefined as never, done: false }

class Iteration {
  readonly #computation: Computation
  /** The object that delegates to it, once it was asked for its computation. */
  #generator: object | null = null
  constructor(computation: Computation) {
    this.#computation = computation
  }
  next(value: unknown): IteratorResult<unknown> {
    if (probe.asked !== null) {
      this.#generator = probe.asked
      probe.answer = this.#computation
      return ANSWERED
    }
    return this.#drive(NEXT, value)
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
    if (this.#computation.status === RUNNING && this.#generator !== null) outlive(this.#generator, this.#computation)
    return drive(this.#computation, kind, value)
  }
  [Symbol.iterator](): this {
    return this
  }
}

/** What the native body of a compiled function delegates to. */
export function begin(closure: Closure, self: unknown, args: readonly unknown[]): Iterable<unknown> {
  return new Iteration(new Computation(closure, self, args)) as Iterable<unknown>
}

/** The same for a computation that has begun (a decoded generator object). */
export function proceed(computation: Computation): Iterable<unknown> {
  return new Iteration(computation) as Iterable<unknown>
}

/** Native nesting that is left at least for a computation that native code drives. */
const ROOM = 200

/**
 * Entry from native code: preemption and parking are masked, and the registers that compiled code keeps while it calls
 * are restored on the way out, throws included. (Depth and level are restored by what is called here; the others mean
 * something only in the moment in which a step ends or begins, when no code of the program runs.)
 */
function drive(c: Computation, kind: ResumeKind, value: unknown): IteratorResult<unknown> {
  const m = machine
  const { budget, ceiling } = m
  const begun = c.status === UNSTARTED
  m.masked++
  if (m.hooks !== null) m.ceiling = FRAMED
  else if (ceiling - m.depth < ROOM) m.ceiling = min(m.depth + NATIVE_DEPTH, limitOf(m))
  try {
    const result = kind === NEXT ? advance(m, c, value, false) : resume(m, c, kind, value, false)
    if (result === ENDED) return { value: m.value, done: true }
    if (!m.raw) return { value: m.out, done: false }
    m.raw = false
    return passedOn(m.out as object) as IteratorResult<unknown>
  } catch (error) {
    withCallers(error, begun)
    throw error
  } finally {
    m.masked--
    m.ceiling = ceiling
    if (m.budget > budget) m.budget = budget // polls that were masked refilled it
    m.value = m.out = undefined
  }
}

/** Computations whose native generators were ended by a call from inside. */
const outliving = new WeakMap<object, Computation>()
const { get: outlived, has: isNoted, set: note } = WeakMap.prototype

/** Whether it is one of the methods that the object got because its native generator was ended. */
export function isOutliving(generator: object, key: string): boolean {
  return apply(isNoted, outliving, [generator]) && (key === "next" || key === "return" || key === "throw")
}

/** From now on the methods of the object are its own, and drive the computation. */
function outlive(generator: object, c: Computation): void {
  apply(note, outliving, [generator, c])
  const methods = {
    next(value: unknown): unknown {
      return this === (generator as unknown) ? drive(c, NEXT, value) : apply(generatorNext, this, [value])
    },
    return(value: unknown): unknown {
      return this === (generator as unknown) ? drive(c, RETURN, value) : apply(generatorReturn, this, [value])
    },
    throw(error: unknown): unknown {
      return this === (generator as unknown) ? drive(c, THROW, error) : apply(generatorThrow, this, [error])
    },
  }
  // no error for an object that takes no properties: its own methods are all that it has
  for (const name of ["next", "return", "throw"] as const)
    reflectDefine(generator, name, {
      __proto__: null,
      value: methods[name],
      writable: true,
      configurable: true,
    } as object)
}

/**
 * The computation of a generator object of a compiled function; a done one if it has ended. Null for everything else,
 * and for a generator that runs at this moment.
 */
export function computationOf(generator: unknown): Computation | null {
  if (typeof generator !== "object" || generator === null) return null
  if (generator instanceof Computation) return generator // as compiled code hands it to `spawn`
  const closure = ownerOf(generator)
  if (closure === undefined) return null
  probe.asked = generator
  probe.answer = null
  try {
    apply(generatorNext, generator, [undefined])
  } catch {
    return null // it runs at this moment, or only looks like a generator
  } finally {
    probe.asked = null
  }
  const answer = probe.answer as Computation | null
  probe.answer = null
  if (answer !== null) return answer
  const left = apply(outlived, outliving, [generator]) as Computation | undefined
  if (left !== undefined) return left
  const ended = new Computation(closure, undefined, null)
  ended.status = DONE
  return ended
}

/**
 * The closure whose generator this object is: its function's prototype object carries the stamp. Proxies have none: asking
 * for the prototype would run a trap, and a proxy of a generator cannot be resumed natively either.
 */
function ownerOf(generator: object): Closure | undefined {
  if (isProxyLike(generator)) return undefined
  return stampOf(getPrototypeOf(generator))
}
