/** Owns the context: the half of a fiber's state that moves with it. */
import { EMPTY_VARIABLES, type Variables } from "./variables.ts"

export const DEFAULT_RECURSION_LIMIT = 100_000

export class Context {
  variables: Variables
  /** Frames that the fiber may have; `headroom` is what remains of the extra frames for handling the limit error. */
  recursionLimit: number
  constructor(variables: Variables = EMPTY_VARIABLES, recursionLimit: number = DEFAULT_RECURSION_LIMIT) {
    this.variables = variables
    this.recursionLimit = recursionLimit
  }
  /** What a child starts with: a copy, O(1), of the variables; nothing of the parent's recursion or exceptions. */
  child(): Context {
    return new Context(this.variables, this.recursionLimit)
  }
}
