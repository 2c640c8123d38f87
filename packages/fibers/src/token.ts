/** Owns the token that takes back one `set` of a context variable. */
import {
  ALLOCATE,
  type Binding,
  DECODE,
  EMPTY_VARIABLES,
  ENCODE,
  isText,
  isTruth,
  RoveError,
  registerOwnClass,
  Variables,
} from "@rove/core"

interface State {
  readonly key: string
  readonly context: string
  /** What was there before, as a map of one or none. */
  readonly before: Variables
  readonly used: boolean
}

/** A context that there is not. */
const NOWHERE = ""

/**
 * Works once, for its variable, in the context that got it; moves with the fiber, used or not. A copy of it, which is what a child,
 * a joiner or a receiver has, works nowhere: handed back it would work once more.
 */
export class VariableToken<out T> {
  declare readonly type?: T
  #key: string
  /** Names the context in which the variable was set. */
  #context: string
  #previous: Binding | undefined
  #used = false
  constructor(key: string, context: string, previous: Binding | undefined) {
    this.#key = key
    this.#context = context
    this.#previous = previous
  }
  /** Marks it used and gives what was there before; refused, and nothing changes, if it does not fit. */
  use(key: string, name: string, context: string): Binding | undefined {
    if (this.#used) throw new RoveError("ROVE_TOKEN", `this token of "${name}" was used before; a token works once`)
    if (this.#key !== key)
      throw new RoveError("ROVE_TOKEN", `this token belongs to ${this.#key}, not to the variable "${name}"`)
    if (this.#context === NOWHERE)
      throw new RoveError(
        "ROVE_TOKEN",
        `this is a copy of a token of "${name}" that was handed over from a fiber or context to another fiber: a token works only where it was made`,
      )
    if (this.#context !== context)
      throw new RoveError(
        "ROVE_TOKEN",
        `"${name}" was set in another fiber or another context: a token works only in the one that it was made in`,
      )
    this.#used = true
    const previous = this.#previous
    this.#previous = undefined // nobody asks again, and it might be what no record can have
    return previous
  }

  static [ALLOCATE](): VariableToken<unknown> {
    return new VariableToken("", NOWHERE, undefined)
  }
  [ENCODE](fiber: string | null): State {
    const [own] = this.#context.split("/")
    if (own !== fiber) return { key: this.#key, context: NOWHERE, before: EMPTY_VARIABLES, used: this.#used }
    const before = this.#previous === undefined ? EMPTY_VARIABLES : EMPTY_VARIABLES.with(this.#previous)
    return { key: this.#key, context: this.#context, before, used: this.#used }
  }
  [DECODE]({ key, context, before, used }: State): void {
    this.#key = key
    this.#context = context
    this.#previous = before.bindings()[0]
    this.#used = used
  }
}

registerOwnClass("rove.VariableToken", VariableToken, {
  key: isText,
  context: isText,
  before: value => value instanceof Variables,
  used: isTruth,
})
