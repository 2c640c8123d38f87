/** Owns what a stopped fiber is as plain data. `save` and `restore` of @rove/fibers are the way to it and back. */
import { registerReference } from "./codec/references.ts"
import type { Computation } from "./computation.ts"
import type { Context } from "./context/context.ts"
import type { Frame, ResumeKind } from "./frame.ts"

/** Version of the fields below; the version of the bytes is the codec's. */
export const RECORD_VERSION = 1

/** A stopped fiber. One graph: what frames, context and resume value share stays shared. */
export class FiberRecord {
  readonly version: number = RECORD_VERSION
  readonly id: string
  readonly name: string
  /** Thread that keeps its completion and its joiners. */
  readonly home: number
  readonly status: "unstarted" | "ready"
  readonly root: Computation
  readonly context: Context
  /** The youngest frame, its depth, and the innermost computation; null if it has not begun. */
  readonly top: Frame | null
  readonly topDepth: number
  readonly inner: Computation | null
  readonly resume: { readonly kind: ResumeKind; readonly value: unknown }
  /** The interrupt that was asked for, and whether it is still to be thrown. */
  readonly interrupt: { readonly error: unknown; readonly pending: boolean } | null
  constructor(fields: Omit<FiberRecord, "version">) {
    this.id = fields.id
    this.name = fields.name
    this.home = fields.home
    this.status = fields.status
    this.root = fields.root
    this.context = fields.context
    this.top = fields.top
    this.topDepth = fields.topDepth
    this.inner = fields.inner
    this.resume = fields.resume
    this.interrupt = fields.interrupt
  }
}
registerReference("rove.FiberRecord", FiberRecord)
