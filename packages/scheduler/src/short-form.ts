/**
 * Owns the short form of what most fibers are at their beginning and at their end: arguments and a result that are text,
 * numbers and the like. It costs a tenth of a record, and says the same.
 *
 * A fiber that has not begun, whose context is that of a new pool and whose function stands at module level, is that
 * function and its arguments. Functions have numbers between two threads: the one that sends gives the number along with
 * a whole record, and uses it alone once the other one has said that it runs that fiber, and so has the function.
 */
import {
  type Closure,
  Computation,
  Context,
  DEFAULT_RECURSION_LIMIT,
  EMPTY_VARIABLES,
  NORMAL,
  RecordError,
} from "@rove/core"
import { FiberState, type Outcome } from "@rove/fibers/scheduling"

/** Text that is longer goes as a record, which is no dearer then. */
const LONGEST = 1_000

/** Values as text; null if that would not be the same. */
export function shortForm(values: readonly unknown[]): string | null {
  for (let i = 0; i < values.length; i++) if (!isShort(values[i])) return null
  return JSON.stringify(values)
}

function isShort(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
    case "string":
      return value.length <= LONGEST
    case "boolean":
      return true
    default:
      return value === null
  }
}

/** A result as text; null if it takes more to say it. */
export function shortOutcome(outcome: Outcome): string | null {
  if (outcome.kind !== "returned") return null
  return outcome.value === undefined ? "[]" : shortForm([outcome.value])
}

export function outcomeOf(text: string): Outcome {
  return { kind: "returned", value: (JSON.parse(text) as readonly unknown[])[0] }
}

/** A fiber's arguments as text; null if it takes more to say what the fiber is. */
export function shortFiber(fiber: FiberState): string | null {
  const { root, context } = fiber
  if (fiber.status !== "unstarted" || fiber.interrupted !== null || fiber.name !== root.of.code.name) return null
  if (context.variables !== EMPTY_VARIABLES || context.extra !== null) return null
  if (context.recursionLimit !== DEFAULT_RECURSION_LIMIT || context.priority !== NORMAL) return null
  if (root.of.code.single !== root.of || root.self !== undefined || root.args === null) return null
  return shortForm(root.args)
}

/** What all fibers begin with that came in the short form; each takes its own before it writes. */
const context = new Context().child()

/** The functions that go to and come from other threads by number. */
export class Functions {
  /** Per thread: the numbers that were given, those that the other one has confirmed, and what it has sent. */
  readonly #given = new Map<number, Map<Closure, number>>()
  readonly #confirmed = new Map<number, Set<number>>()
  readonly #learned = new Map<number, Map<number, Closure>>()

  /** The number of a fiber's function for that thread, which may not have heard of it; 0 if it has none. */
  numberOf(thread: number, closure: Closure): number {
    if (closure.code.single !== closure) return 0
    const given = entry(this.#given, thread, () => new Map<Closure, number>())
    const known = given.get(closure)
    if (known !== undefined) return known
    given.set(closure, given.size + 1)
    return given.size
  }
  /** Whether that thread has the function of that number. */
  isConfirmed(thread: number, number: number): boolean {
    return this.#confirmed.get(thread)?.has(number) === true
  }
  /** That thread has taken a fiber whose record came with that number. */
  confirm(thread: number, number: number): void {
    if (number > 0) entry(this.#confirmed, thread, () => new Set<number>()).add(number)
  }
  /** A record has come from that thread, and the number of its fiber's function. */
  learn(thread: number, number: number, closure: Closure): void {
    if (number > 0) entry(this.#learned, thread, () => new Map<number, Closure>()).set(number, closure)
  }
  /** The fiber that came in the short form. */
  begin(thread: number, number: number, id: string, home: number, text: string): FiberState {
    const closure = this.#learned.get(thread)?.get(number)
    if (closure === undefined)
      throw new RecordError(0, `nothing is known here of function ${number} of thread ${thread}`)
    return new FiberState(id, null, home, new Computation(closure, undefined, JSON.parse(text)), context)
  }
  /** The thread is gone. */
  forget(thread: number): void {
    this.#given.delete(thread)
    this.#confirmed.delete(thread)
    this.#learned.delete(thread)
  }
}

function entry<V>(map: Map<number, V>, thread: number, make: () => V): V {
  const known = map.get(thread)
  if (known !== undefined) return known
  const made = make()
  map.set(thread, made)
  return made
}
