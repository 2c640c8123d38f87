/** Owns contexts as values: all variables as they are at a moment, to run something with later. */
import { ALLOCATE, DECODE, EMPTY_VARIABLES, ENCODE, isText, orNull, RoveError, Variables } from "@rove/core"
import type { Operation } from "./operations/operation.ts"
import { currentVariables } from "./runtime/ambient.ts"
import { type Enterable, registerEnterable, runIn } from "./scope.ts"
import type { AnyComputation } from "./types.ts"

interface State {
  readonly variables: Variables
  readonly entered: string | null
}

/** The variables of a moment. What is set while something runs in it stays in it, for the next `run`. */
export class ContextSnapshot implements Enterable {
  #variables: Variables = EMPTY_VARIABLES
  /** What is in it; moves along, so that a fiber which is suspended inside keeps all others out, wherever they are. */
  #entered: string | null = null

  static of(variables: Variables): ContextSnapshot {
    const snapshot = new ContextSnapshot()
    snapshot.#variables = variables
    return snapshot
  }

  /**
   * Runs a function, or with `yield*` a computation, with these variables instead of the present ones, which are back
   * when it ends, however it does. Throws ROVE_CONTEXT_ENTERED while something runs in it already.
   */
  run<R, Y>(work: AnyComputation<R, Y>): Operation<R>
  run<R>(work: () => R): R
  run(work: unknown): unknown {
    return runIn(this, work, "ContextSnapshot.run")
  }

  /** Another one with the same variables, which nothing runs in. */
  copy(): ContextSnapshot {
    return ContextSnapshot.of(this.#variables)
  }

  /** @internal */
  enter(_: Variables, where: string): Variables {
    if (this.#entered !== null)
      throw new RoveError(
        "ROVE_CONTEXT_ENTERED",
        `this context is entered already, by ${describe(this.#entered)}: run in a copy() of it, or when that has left`,
      )
    this.#entered = where
    return this.#variables
  }
  /** @internal */
  leave(variables: Variables): void {
    this.#entered = null
    this.#variables = variables
  }

  static [ALLOCATE](): ContextSnapshot {
    return new ContextSnapshot()
  }
  [ENCODE](): State {
    return { variables: this.#variables, entered: this.#entered }
  }
  [DECODE]({ variables, entered }: State): void {
    this.#variables = variables
    this.#entered = entered
  }
}

registerEnterable("rove.ContextSnapshot", ContextSnapshot, {
  variables: value => value instanceof Variables,
  entered: orNull(isText),
})

function describe(where: string): string {
  return where.startsWith("thread") ? "ordinary code of this thread" : `fiber ${where.replace(/\/.*/, "")}`
}

/** Gives all context variables as they are here and now. Costs the same however many there are. */
export function contextSnapshot(): ContextSnapshot {
  return ContextSnapshot.of(currentVariables())
}
