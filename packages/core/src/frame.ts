/**
 * Owns what a suspended activation looks like: the frame, and the value that says "suspended".
 *
 * A frame exists only while its computation is stopped (or was stopped once and went on): compiled code runs on
 * JavaScript variables and stores them here when it returns {@link SUSPENDED}. Each compiled function has its own
 * subclass, generated with one named field per local.
 */
import type { Closure } from "./code.ts"

/** What a step function returns instead of a result when the computation stops. Never reaches user code. */
export const SUSPENDED: unique symbol = Symbol("rove.suspended")
export type Suspended = typeof SUSPENDED

/** How a frame is resumed: as `next(value)`, `throw(value)` or `return(value)` would. */
export const NEXT = 0
export const THROW = 1
export const RETURN = 2
export type ResumeKind = typeof NEXT | typeof THROW | typeof RETURN
/** Of a fiber only: as with what an operation gives, which is performed again where the fiber goes on. */
export const AGAIN = 3

/** One activation of one compiled function, as data. `pc` is the resume point; 0 means that it has not begun. */
export class Frame {
  /** The frame (or, at the bottom, the computation) that this one returns into. */
  declare caller: Frame | null
  declare pc: number
  declare readonly closure: Closure
  constructor(closure: Closure) {
    // assigned, not defined as fields, which costs three times as much in a class with so many heirs
    this.caller = null
    this.pc = 0
    this.closure = closure
  }
}
/** A frame with its locals, by the names that its code has for them. */
export type FrameFields = Frame & { [local: string]: unknown }

// nor does it inherit anything: a setter that a program gave Object.prototype would take a local away from its frame
Object.setPrototypeOf(Frame.prototype, null)
