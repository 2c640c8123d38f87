/** Owns entering other variables for the time that something runs, and coming back, however that ends. */
import {
  type Binding,
  type Fields,
  type Fits,
  isNatural,
  isObject,
  orNull,
  RoveError,
  registerOwnClass,
  type Suspended,
  Variables,
} from "@rove/core"
import { BaseOperation } from "./operations/operation.ts"
import { assignVariables, currentScope, currentVariables } from "./runtime/ambient.ts"
import type { FiberState } from "./runtime/fiber.ts"
import { computationOf } from "./runtime/generator.ts"
import type { Host } from "./runtime/host.ts"
import { type Region, registerRegion, within } from "./runtime/region.ts"
import { inStore } from "./runtime/store.ts"
import { machine } from "./runtime/thread.ts"

/** Where variables are entered from, and where they go back to. */
export interface Enterable {
  /** The variables to enter; may refuse. `where` names the context that enters. */
  enter(outer: Variables, where: string): Variables
  /** They have been left, and are this now. */
  leave(inner: Variables): void
}

/** Plain data with that behaviour: it lies in a frame while what runs inside is stopped. */
class Scope implements Region {
  readonly of: Enterable
  outer: Variables | null = null
  outerScope = 0
  /** While its computation rests at a yield. */
  inner: Variables | null = null
  innerScope = 0
  constructor(of: Enterable) {
    this.of = of
  }
  enter(fiber: FiberState): void {
    const context = fiber.ownContext()
    const outer = context.variables
    const inner = this.of.enter(outer, currentScope())
    this.outer = outer
    const more = context.more()
    this.outerScope = more.scope
    more.scope = ++more.scopes
    assignVariables(context, inner)
  }
  leave(fiber: FiberState): void {
    const context = fiber.ownContext()
    this.of.leave(context.variables)
    context.more().scope = this.outerScope
    assignVariables(context, this.outer as Variables)
  }
  /** Whoever iterates it has the variables that it had itself. */
  rest(fiber: FiberState): void {
    const context = fiber.ownContext()
    const more = context.more()
    this.inner = context.variables
    this.innerScope = more.scope
    more.scope = this.outerScope
    assignVariables(context, this.outer as Variables)
  }
  resume(fiber: FiberState): void {
    const context = fiber.ownContext()
    const more = context.more()
    this.outer = context.variables
    this.outerScope = more.scope
    more.scope = this.innerScope
    assignVariables(context, this.inner as Variables)
    this.inner = null
  }
}

/** One variable with another value. */
export class With implements Enterable {
  readonly bindings: Variables
  constructor(bindings: Variables) {
    this.bindings = bindings
  }
  enter(outer: Variables): Variables {
    return this.bindings.bindings().reduce((variables: Variables, binding: Binding) => variables.with(binding), outer)
  }
  leave(): void {}
}

const enterables = new Set<unknown>()
/** Registers a class of them: no other object of a record is ever entered. */
export function registerEnterable(name: string, made: { readonly prototype: Enterable }, fields: Fields): void {
  enterables.add(made.prototype)
  registerOwnClass(name, made, fields)
}
const isVariables: Fits = value => value instanceof Variables

registerRegion("rove.Scope", Scope, {
  of: value => isObject(value) && enterables.has(Object.getPrototypeOf(value)),
  outer: isVariables,
  outerScope: isNatural,
  inner: orNull(isVariables),
  innerScope: isNatural,
})
registerEnterable("rove.With", With, { bindings: isVariables })

class Run<R> extends BaseOperation<R> {
  readonly #of: Enterable
  readonly #work: unknown
  constructor(of: Enterable, work: unknown) {
    super()
    this.#of = of
    this.#work = work
  }
  perform(_: FiberState, host: Host): R | Suspended {
    return within(host.machine, new Scope(this.#of), this.#work) as R | Suspended
  }
}

/** Runs a function at once, or gives the operation that runs a computation, with those variables. */
export function runIn(of: Enterable, work: unknown, where: string): unknown {
  if (typeof work === "function") return runNow(of, work as () => unknown)
  if (computationOf(work) !== null) return new Run(of, work)
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `${where} takes a function, or a computation: f(args) with a compiled generator function f`,
  )
}

function runNow(of: Enterable, work: () => unknown): unknown {
  const { fiber } = machine
  if (fiber === null) return runOutside(of, work)
  const scope = new Scope(of)
  scope.enter(fiber)
  try {
    return work()
  } finally {
    scope.leave(fiber)
  }
}

/** Ordinary code, whose asynchronous remains are to see these variables too. */
function runOutside(of: Enterable, work: () => unknown): unknown {
  const inner = of.enter(currentVariables(), currentScope())
  try {
    return inStore(inner, work)
  } finally {
    of.leave(inner)
  }
}
