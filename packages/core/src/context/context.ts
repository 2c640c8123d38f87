/** Owns the context: the half of a fiber's state that moves with it. */
import { invariant } from "../errors.ts"
import type { Hooks } from "./hooks.ts"
import { NORMAL } from "./priority.ts"
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
  /** Where it was spawned, the innermost line first, if that was asked for: "walk (/srv/survey.ts:3:5)". */
  origin: readonly string[] | null = null
}

export class Context {
  variables: Variables
  /** Frames that the fiber may have. */
  recursionLimit: number
  /** Number of its priority. Set before the fiber is queued, and never again. */
  priority: number
  extra: ContextExtra | null = null
  #isShared = false
  /** What children begin with, and the variables that it was made of. */
  #child: Context | null = null
  #childOf: Variables | null = null
  constructor(
    variables: Variables = EMPTY_VARIABLES,
    recursionLimit: number = DEFAULT_RECURSION_LIMIT,
    priority: number = NORMAL,
  ) {
    this.variables = variables
    this.recursionLimit = recursionLimit
    this.priority = priority
  }
  /**
   * What a child starts with: a copy, O(1), of the variables; nothing of the parent's recursion, exceptions or hooks.
   * Children share it, and theirs too, until one of them writes: that one takes its `owned()` first.
   */
  child(): Context {
    if (this.#isShared) return this
    const known = this.#child
    if (known !== null && this.#childOf === this.variables && known.recursionLimit === this.recursionLimit) return known
    const child = new Context(this.variables.inherited(), this.recursionLimit, this.priority)
    child.#isShared = true
    this.#child = child
    this.#childOf = this.variables
    return child
  }
  /** This context, or a copy if others may have it too. */
  owned(): Context {
    return this.#isShared ? new Context(this.variables, this.recursionLimit, this.priority) : this
  }
  /** Of an owned context. */
  more(): ContextExtra {
    invariant(!this.#isShared, "Context.more", "the context is one fiber's own")
    this.extra ??= new ContextExtra()
    return this.extra
  }
}
