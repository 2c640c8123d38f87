/**
 * Owns a computation: what a compiled generator function does when it runs, whoever drives it.
 *
 * It is the lowest entry of its own chain of frames: `bottom.caller` is the computation, and the computation's `caller`
 * is the frame of the compiled code that drives it (null while nobody does, or while ordinary code or a fiber does).
 */
import type { Closure, Step } from "./code.ts"
import { Frame } from "./frame.ts"

/** Nothing ran. The statuses are numbers because a resumption writes two of them, and strings would cost a third of it. */
export const UNSTARTED = 0
/** At a yield. */
export const RESTING = 1
/** On a stack, or stopped together with its driver. */
export const RUNNING = 2
/** Ended. */
export const DONE = 3
export type ComputationStatus = typeof UNSTARTED | typeof RESTING | typeof RUNNING | typeof DONE

export class Computation extends Frame {
  status: ComputationStatus = UNSTARTED
  /** With what it begins: receiver and (bound) arguments, which are dropped at the start. */
  self: unknown
  args: readonly unknown[] | null
  /** The youngest frame, while it rests. */
  top: Frame | null = null
  /** Of the youngest frame, if known: looking it up there would meet a frame of another shape each time. */
  step: Step | null = null
  /** Number of its frames, while it rests. */
  height = 0
  /** Depth at which its driver stands. */
  baseDepth = 0
  /** The computation in which its driver runs. */
  driver: Computation | null = null
  /** The frame that was last resumed by `return(value)` and has not ended since; its end is a return for its caller too. */
  returning: Frame | null = null
  constructor(of: Closure, self: unknown, args: readonly unknown[] | null) {
    super(of)
    this.self = self
    this.args = args
  }
  /** What it is the computation of. */
  get of(): Closure {
    return this.closure
  }
}
