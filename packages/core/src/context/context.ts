/** Owns the context: the half of a fiber's state that moves with it. */
import type { Hooks } from "./hooks.ts"
import { EMPTY_VARIABLES, type Variables } from "./variables.ts"

export const DEFAULT_RECURSION_LIMIT = 100_000

/** A portable function, or a fiber-local, that is called at the fiber's end. */
export interface Exit {
  readonly what: object
  readonly argument: unknown
}

/** What few fibers have. */
export class ContextExtra {
  /** Which context is entered: 0 is the fiber's own, each `run` enters a new one; `scopes` were entered so far. */
  scope = 0
  scopes = 0
  hooks: Hooks | null = null
  /** Values of the fiber alone, by fiber-local. */
  locals: Map<object, unknown> | null = null
  /** What is done at the fiber's end, the last first. */
  exits: Exit[] | null = null
}

export class Context {
  variables: Variables
  /** Frames that the fiber may have. */
  recursionLimit: number
  extra: ContextExtra | null = null
  constructor(variables: Variables = EMPTY_VARIABLES, recursionLimit: number = DEFAULT_RECURSION_LIMIT) {
    this.variables = variables
    this.recursionLimit = recursionLimit
  }
  /** What a child starts with: a copy, O(1), of the variables; nothing of the parent's recursion, exceptions or hooks. */
  child(): Context {
    return new Context(this.variables.inherited(), this.recursionLimit)
  }
  more(): ContextExtra {
    this.extra ??= new ContextExtra()
    return this.extra
  }
}
