/**
 * Owns context variables: values that belong to a computation, are seen by everything it calls, are inherited by the
 * fibers that it spawns, and move with it.
 */
import {
  Binding,
  declareVariable,
  EMPTY_VARIABLES,
  optionNames,
  RoveError,
  refuseUnknown,
  registerReference,
  SHARED,
  type VariableKey,
  type Variables,
} from "@rove/core"
import { moduleOfCaller } from "./caller.ts"
import { freezeDeep } from "./freeze.ts"
import { bindingOf, type Transfer, valueIn } from "./keeping.ts"
import type { Operation } from "./operations/operation.ts"
import { assignVariables, currentScope, currentVariables, isHelper, ownContext } from "./runtime/ambient.ts"
import { refuseNameless } from "./runtime/options.ts"
import { runIn, With } from "./scope.ts"
import { VariableToken } from "./token.ts"
import type { AnyComputation } from "./types.ts"

export interface ContextVarOptions<T> {
  /** What `get` gives where the variable was never set, kept as `transfer` has it; with "clone" frozen, as far as it can be. */
  readonly default?: T
  /** What becomes of values where they would leave their fiber or their thread: "clone" by default. */
  readonly transfer?: Transfer<T>
}

const OPTIONS = optionNames<ContextVarOptions<unknown>>({ default: true, transfer: true })

export class ContextVar<T> {
  readonly name: string
  /** Module and name: the same on every thread. */
  readonly key: string
  readonly #key: VariableKey
  readonly #transfer: Transfer<T>
  readonly #default: T
  readonly #hasDefault: boolean
  /** How the default is kept: made when it is first asked for, since classes of the module that declares it are known only at its end. */
  #ofDefault: Binding | null = null
  /** The map that was read last, and what it has. */
  #seen: Variables | null = null
  #found: Binding | undefined

  /**
   * Declare variables at the level of a module: that module and the name are their identity on all threads, and, where
   * the module says "use fibers", in records everywhere.
   */
  constructor(name: string, options: ContextVarOptions<T> = {}) {
    refuseNameless(name, "ContextVar")
    refuseUnknown(options, OPTIONS, "ContextVar")
    const module = moduleOfCaller(ContextVar)
    this.name = name
    this.key = `${module.name}#${name}`
    this.#key = declareVariable(this.key, module.imported)
    this.#transfer = options.transfer ?? "clone"
    this.#hasDefault = "default" in options
    this.#default = this.#transfer === "clone" ? freezeDeep(options.default as T) : (options.default as T)
    registerReference(`variable ${this.key}`, this, module.url)
  }

  /**
   * The value in the current fiber (outside of fibers, the thread's own; in asynchronous code that a fiber called, the
   * fiber's at that call): a frozen object, or a fresh clone if it holds what cannot be frozen, such as a Map. Throws
   * ROVE_NO_VALUE if it was never set and has no default.
   */
  get(): T {
    const variables = currentVariables()
    // maps never change, so what was found in this very one is right whoever asks
    if (variables !== this.#seen) {
      this.#found = variables.get(this.#key)
      this.#seen = variables
    }
    const binding = this.#found
    if (binding === undefined) return this.#defaultValue()
    return (binding.keeping === SHARED ? binding.value : valueIn(binding, this.#transfer)) as T
  }

  /**
   * Sets a frozen clone of `value` in the current fiber. The token takes this back, once. Throws ROVE_NOT_PORTABLE for
   * what cannot be cloned, and ROVE_NO_FIBER in asynchronous code that a fiber called (the fiber would not see it).
   */
  set(value: T): VariableToken<T> {
    if (isHelper()) throw new RoveError("ROVE_NO_FIBER", inHelper(this.name))
    const binding = bindingOf(this.#key, this.name, value, this.#transfer)
    const context = ownContext()
    const token = new VariableToken<T>(this.key, currentScope(), context.variables.get(this.#key))
    assignVariables(context, context.variables.with(binding))
    return token
  }

  /** Gives the variable the value that it had before that `set`. Throws ROVE_TOKEN for a used or foreign token. */
  reset(token: VariableToken<T>): void {
    const previous = token.use(this.key, this.name, currentScope())
    const context = ownContext()
    const { variables } = context
    assignVariables(
      context,
      previous === undefined
        ? variables.without(this.#key)
        : variables.with(new Binding(this.#key, previous.value, previous.keeping)),
    )
  }

  /**
   * Runs a function, or with `yield*` a computation, in which the variable has that value. When it ends, however it does,
   * all variables are again as they were.
   */
  run<R, Y>(value: T, work: AnyComputation<R, Y>): Operation<R>
  run<R>(value: T, work: () => R): R
  run(value: T, work: unknown): unknown {
    const binding = bindingOf(this.#key, this.name, value, this.#transfer)
    return runIn(new With(EMPTY_VARIABLES.with(binding)), work, "ContextVar.run")
  }

  #defaultValue(): T {
    if (!this.#hasDefault)
      throw new RoveError("ROVE_NO_VALUE", `the context variable "${this.name}" was not set here and has no default`)
    this.#ofDefault ??= bindingOf(this.#key, this.name, this.#default, this.#transfer)
    const binding = this.#ofDefault
    return (binding.keeping === SHARED ? binding.value : valueIn(binding, this.#transfer)) as T
  }
}

function inHelper(name: string): string {
  return `"${name}" is set in asynchronous code that a fiber called, or inside run() of ordinary code: nobody would see that. Return the value and set it where it is wanted, or use run(value, work) for what is called from here`
}
