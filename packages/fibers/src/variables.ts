/**
 * Owns context variables: values that belong to a computation, are seen by everything it calls, are inherited by the
 * fibers that it spawns, and move with it.
 */
import { type Context, RoveError, registerReference } from "@rove/core"
import { moduleOfCaller } from "./caller.ts"
import { freezeDeep } from "./freeze.ts"
import { currentContext, currentContextId } from "./runtime/ambient.ts"
import { handOver } from "./runtime/hand-over.ts"
import { VariableToken } from "./token.ts"

export interface ContextVarOptions<T> {
  /** What `get` gives where the variable was never set; frozen, as far as it can be. */
  readonly default: T
}

export class ContextVar<T> {
  readonly name: string
  /** Module and name: the same on every thread. */
  readonly key: string
  readonly #default: T
  readonly #hasDefault: boolean

  /** Declare variables at the level of a module: that module and the name are their identity on all threads. */
  constructor(name: string, options?: ContextVarOptions<T>) {
    const module = moduleOfCaller(ContextVar)
    this.name = name
    this.key = `${module}#${name}`
    this.#hasDefault = options !== undefined && "default" in options
    this.#default = freezeDeep(options?.default as T)
    registerReference(`variable ${this.key}`, this, module)
  }

  /**
   * The value in the current fiber (outside of fibers, the thread's own): a frozen object, or a fresh clone if it holds
   * what cannot be frozen, such as a Map. Throws ROVE_NO_VALUE if it was never set and has no default.
   */
  get(): T {
    const { variables } = currentContext()
    const value = variables.get(this.key)
    // handing over what is frozen all the way down gives that itself
    if (value !== undefined || variables.has(this.key)) return handOver(value as T)
    if (this.#hasDefault) return handOver(this.#default)
    throw new RoveError("ROVE_NO_VALUE", `the context variable "${this.name}" was not set here and has no default`)
  }

  /** Sets a frozen clone of `value` in the current fiber. The token takes this back, once. */
  set(value: T): VariableToken<T> {
    const own = this.#own(value)
    const context = currentContext()
    const { variables } = context
    const token = new VariableToken<T>(
      this.key,
      currentContextId(),
      variables.has(this.key),
      variables.get(this.key) as T,
    )
    assign(context, this.key, true, own)
    return token
  }

  /** Gives the variable the value that it had before that `set`. Throws ROVE_TOKEN for a used or foreign token. */
  reset(token: VariableToken<T>): void {
    const previous = token.use(this.key, this.name, currentContextId())
    assign(currentContext(), this.key, previous.present, previous.value)
  }

  #own(value: T): T {
    try {
      return freezeDeep(handOver(value))
    } catch (refusal) {
      // without the refusal as cause: it holds the culprit, and so could not itself be handed to a joiner
      const why = refusal instanceof Error ? refusal.message : String(refusal)
      throw new RoveError(
        "ROVE_NOT_PORTABLE",
        `a value for the context variable "${this.name}" cannot be cloned: ${why}`,
      )
    }
  }
}

/** Maps are never changed, because children and records share them: that makes a snapshot O(1), and a set O(variables). */
function assign(context: Context, key: string, present: boolean, value: unknown): void {
  const variables = new Map(context.variables)
  if (present) variables.set(key, value)
  else variables.delete(key)
  context.variables = variables
}
