/** Owns the token that takes back one `set` of a context variable. */
import { RoveError, registerReference } from "@rove/core"

/** Works once, for its variable, in the fiber that got it; moves with the fiber, used or not. */
export class VariableToken<out T> {
  readonly key: string
  /** Id of the fiber (or base context) in which the variable was set. */
  readonly context: string
  readonly present: boolean
  readonly previous: T
  used = false
  constructor(key: string, context: string, present: boolean, previous: T) {
    this.key = key
    this.context = context
    this.present = present
    this.previous = previous
  }
  /** Marks it used and gives what was there before; refused, and nothing changes, if it does not fit. */
  use(key: string, name: string, context: string): { readonly present: boolean; readonly value: T } {
    if (this.used) throw new RoveError("ROVE_TOKEN", `this token of "${name}" was used before; a token works once`)
    if (this.key !== key)
      throw new RoveError("ROVE_TOKEN", `this token belongs to ${this.key}, not to the variable "${name}"`)
    if (this.context !== context)
      throw new RoveError(
        "ROVE_TOKEN",
        `"${name}" was set in another fiber: a token works only in the context that it was made in`,
      )
    this.used = true
    return { present: this.present, value: this.previous }
  }
}

registerReference("rove.VariableToken", VariableToken)
