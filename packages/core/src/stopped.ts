/** Owns what a stopped fiber is as plain data. `save` and `restore` of @rove/fibers are the way to it and back. */
import type { Computation } from "./computation.ts"
import type { Context } from "./context/context.ts"
import { type AGAIN, type Frame, NEXT, type ResumeKind } from "./frame.ts"

/** Version of the fields below; the version of the bytes is the codec's. */
export const RECORD_VERSION = 4

/** A stopped fiber. One graph: what frames, context and resume value share stays shared. Frozen by nobody, changed by nobody. */
export class StoppedFiber {
  version: number = RECORD_VERSION
  id = ""
  name = ""
  /** Thread that keeps its completion and its joiners. */
  home = 0
  status: "unstarted" | "ready" = "unstarted"
  root: Computation | null = null
  context: Context | null = null
  /** The youngest frame, its depth, and the innermost computation; null if it has not begun. */
  top: Frame | null = null
  topDepth = 0
  inner: Computation | null = null
  resumeKind: ResumeKind | typeof AGAIN = NEXT
  resumeValue: unknown = undefined
  /** The interrupt that was asked for, and whether it is still to be thrown. */
  interrupt: unknown = null
  interruptPending = false
  /** What belongs to it and ends before it does, innermost first: children, cleanups, deadlines. */
  lifetime: object | null = null
  /** Why it is tied to its thread, for who looks at it: what is pinned has no bytes. */
  pinned: string | null = null
  /** It was restored: its parts are a fiber's now. */
  spent = false
}
