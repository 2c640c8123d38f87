/** Owns the hooks of a computation as data: who is told what it does. They move with it. */
import type { Code } from "../code.ts"

/** A portable function and what it is given each time, beside the event. */
export interface Hook {
  readonly fn: (event: never, argument: never) => unknown
  readonly argument: unknown
}

export class Hooks {
  /** The function that runs, for events of lines; meaningful only while it does. */
  code: Code | null = null
  /** Hears everything. */
  trace: Hook | null = null
  /** Hears everything but lines. */
  profile: Hook | null = null
  /** How often the computation is inside of something that is not to be told of: a hook, or `untraced`. */
  tracing = 0
  /** A hook threw this, and is gone; the computation will, at its next step. */
  failure: { readonly error: unknown } | null = null
  /**
   * The thread on which the computation ran last, so that a change of it can be told: what the ids of its fibers begin with, for its
   * number alone is that of a thread of other runtimes too.
   */
  thread: string | null = null
}
