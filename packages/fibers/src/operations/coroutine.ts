/**
 * Owns coroutines: several stacks of one fiber, of which one runs and names the next (symmetric transfer, as in greenlet and
 * Boost.Context). They are the fiber's own: they share its objects, are saved with it, and move with it.
 */
import {
  heir,
  instance,
  isObject,
  isText,
  isTruth,
  NEXT,
  optionNames,
  orNull,
  RoveError,
  refuseUnknown,
  registerOwnClass,
  registerReference,
  type Suspended,
  THROW,
} from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { computationOf } from "../runtime/generator.ts"
import { registerLocal } from "../runtime/held.ts"
import type { Host } from "../runtime/host.ts"
import { Lifetime } from "../runtime/lifetime.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { machine } from "../runtime/thread.ts"
import type { AnyComputation } from "../types.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { type Delivered, registerTransferable, Stack, type Transferable, transfer } from "./transfer.ts"
import { checkMayPark } from "./waiter.ts"

export type CoroutineStatus = "unstarted" | "suspended" | "running" | "ended"

export interface CoroutineOptions {
  /** For people. */
  readonly name?: string
  /** Who goes on when this one ends; the coroutine that makes it, if nothing is said. */
  readonly parent?: Coroutine<never, unknown>
}

const OPTIONS = optionNames<CoroutineOptions>({ name: true, parent: true })

/** The coroutines of one fiber. A copy in another fiber is another family. */
class Family {
  current: Coroutine<never, unknown>
  constructor(current: Coroutine<never, unknown>) {
    this.current = current
  }
}

/** Under which a fiber keeps its family. */
const FAMILY = {}
registerReference("rove.coroutines", FAMILY)

/** What a coroutine runs: a function of what is first switched to it, or a computation that has not begun. */
export type CoroutineBody<In, R> = AnyComputation<R, never> | ((first: In) => AnyComputation<R, never>)

/**
 * `In` is what is switched to it: the argument of its function, and then what its own `switchTo` gives. `Out` is what comes back to
 * who switches to it: whatever is next switched to that one, by this coroutine or another; the result of one that ends, too.
 */
export class Coroutine<In = unknown, Out = unknown> implements Transferable {
  readonly name: string
  /** Who goes on with its result, or its error, when it has ended; null for the one that the fiber began with. */
  readonly parent: Coroutine<never, unknown> | null
  /** @internal */
  stack: Stack | null = null
  /** @internal */
  aside: Lifetime | null = null
  /** @internal */
  body: object | null
  private family: Family | null
  private over = false

  /**
   * Makes a coroutine of the running fiber; it begins when it is first switched to. Throws ROVE_COROUTINE outside of
   * fibers, ROVE_INVALID_ARGUMENT for a body that is neither a compiled generator function nor a computation.
   */
  constructor(body: CoroutineBody<In, unknown>, options: CoroutineOptions = {}) {
    refuseUnknown(options, OPTIONS, "Coroutine")
    const main = body === (MAIN as unknown)
    if (!main) checkBody(body)
    const family = main ? null : familyOf(runningFiber("a coroutine is made"))
    this.name = options.name ?? (main ? "main" : nameOf(body))
    this.parent = main ? null : (options.parent ?? (family as Family).current)
    this.body = main ? null : body
    this.family = family
    if (family !== null && this.parent?.family !== family)
      throw new RoveError(
        "ROVE_COROUTINE",
        "the parent of a coroutine belongs to the same fiber, and this one does not",
      )
  }

  /** The coroutine that runs; that of the fiber's beginning too. Throws ROVE_COROUTINE outside of fibers. */
  static current<In = unknown, Out = unknown>(): Coroutine<In, Out> {
    return familyOf(runningFiber("the current coroutine is asked for")).current as Coroutine<In, Out>
  }

  get status(): CoroutineStatus {
    if (this.over) return "ended"
    if (this.body !== null) return "unstarted"
    return this.stack === null ? "running" : "suspended"
  }

  /**
   * Goes on in this coroutine: its own `switchTo`, which it left by, gives `value` there; if it has not begun, its function
   * gets it. Gives what is switched back. Throws ROVE_COROUTINE, and nothing changes, if it has ended or is another fiber's.
   */
  switchTo(...[value]: undefined extends In ? [value?: In] : [value: In]): Operation<Out> {
    return new Switch<Out>(this, { kind: NEXT, value })
  }
  /** As `switchTo`, but the error is thrown there. One that has not begun ends with it at once. */
  throwInto(error: unknown): Operation<Out> {
    return new Switch<Out>(this, { kind: THROW, value: error })
  }

  /** @internal Its end is its parent's to go on with, or of the nearest one above that has not ended. */
  ended(end: Delivered): { readonly to: Transferable; readonly with: Delivered } {
    this.over = true
    let to = this.parent as Coroutine<never, unknown>
    while (to.over) to = to.parent as Coroutine<never, unknown>
    return { to, with: end }
  }
  /** @internal */
  entered(): void {
    ;(this.family as Family).current = this
  }
  /** @internal */
  static main(): Coroutine<never, unknown> {
    // of its own: programs cannot give this as a body
    const main = new Coroutine(MAIN as never)
    main.family = new Family(main)
    return main
  }
  /** @internal Whether somebody goes on when all that lead there have ended: the coroutine with which a fiber begins never has. */
  static endsAtMain(coroutine: Coroutine<never, unknown>): boolean {
    let slow = coroutine
    let odd = false
    for (let at = coroutine.parent; at !== null; at = at.parent) {
      if (!(at instanceof Coroutine) || at === slow) return false
      if (odd) slow = slow.parent as Coroutine<never, unknown>
      odd = !odd
    }
    return coroutine.parent !== null || (!coroutine.over && coroutine.body === null)
  }
  /** @internal */
  static familyOf(coroutine: Coroutine<never, unknown>): Family {
    return coroutine.family as Family
  }
}
const isCoroutine = heir(Coroutine)
registerOwnClass("rove.Family", Family, { current: isCoroutine })
registerOwnClass(
  "rove.Coroutine",
  Coroutine,
  {
    name: isText,
    parent: orNull(isCoroutine),
    stack: orNull(instance(Stack)),
    aside: orNull(instance(Lifetime)),
    body: orNull(isObject),
    family: instance(Family),
    over: isTruth,
  },
  { open: true, holds: Coroutine.endsAtMain },
)
registerTransferable(isCoroutine)
registerLocal(FAMILY, instance(Family))

/** Stands for the body of the coroutine that the fiber began with. */
const MAIN = Symbol("main")

class Switch<Out> extends BaseOperation<Out> {
  readonly #to: Coroutine<never, unknown>
  readonly #delivered: Delivered
  constructor(to: Coroutine<never, unknown>, delivered: Delivered) {
    super()
    this.#to = to
    this.#delivered = delivered
  }
  perform(fiber: FiberState, host: Host): Out | Suspended {
    const to = this.#to
    const family = familyOf(fiber)
    if (Coroutine.familyOf(to) !== family)
      refuse(to, "belongs to another fiber: make coroutines in the fiber that uses them")
    const { status } = to
    if (status === "ended") refuse(to, "has ended")
    if (status === "running") {
      if (this.#delivered.kind === THROW) throw this.#delivered.value
      return this.#delivered.value as Out
    }
    checkMayPark(host, { reason: `switch to ${called(to)}`, brief: true })
    return transfer(host.machine, family.current, to, this.#delivered)
  }
}

function refuse(to: Coroutine<never, unknown>, why: string): never {
  throw new RoveError("ROVE_COROUTINE", `${called(to)} cannot be switched to: it ${why}`)
}

/** What those are called of which nothing tells a name. */
const UNNAMED = "coroutine"

function called({ name }: { readonly name: string }): string {
  return name === UNNAMED || name === ""
    ? "a coroutine without a name (new Coroutine(body, { name }))"
    : `coroutine ${name}`
}

function nameOf(body: unknown): string {
  const computation = typeof body === "function" ? null : computationOf(body)
  const name = computation === null ? (body as { readonly name?: unknown }).name : computation.of.code.name
  return typeof name === "string" && name !== "" ? name : UNNAMED
}

function checkBody(body: unknown): void {
  if (typeof body === "function" || computationOf(body) !== null) return
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `a coroutine runs a compiled generator function, which gets what is first switched to it, or a computation that has not begun, not ${kindOf(body)}`,
  )
}

function runningFiber(what: string): FiberState {
  if (machine.fiber !== null) return machine.fiber
  throw new RoveError("ROVE_COROUTINE", `${what} where no fiber runs: coroutines are stacks of one fiber`)
}

function familyOf(fiber: FiberState): Family {
  const known = fiber.context.extra?.locals?.get(FAMILY)
  if (known !== undefined) return known as Family
  const more = fiber.ownContext().more()
  more.locals ??= new Map()
  const family = Coroutine.familyOf(Coroutine.main())
  more.locals.set(FAMILY, family)
  return family
}
