/**
 * Owns a computation: what a compiled generator function does when it runs, whoever drives it.
 *
 * It is the lowest entry of its own chain of frames: `bottom.caller` is the computation, and the computation's `caller`
 * is the frame of the compiled code that drives it (null while nobody does, or while ordinary code or a fiber does).
 */
import { Closure, type Code } from "./code.ts"
import { Frame } from "./frame.ts"

/** unstarted: nothing ran. suspended: at a yield. running: on a stack, or stopped together with its driver. done: ended. */
export type ComputationStatus = "unstarted" | "suspended" | "running" | "done"

export class Computation extends Frame {
  status: ComputationStatus = "unstarted"
  /** What it is the computation of, with receiver and (bound) arguments; the latter two are dropped at the start. */
  readonly of: Closure
  self: unknown
  args: readonly unknown[] | null
  /** The youngest frame, while suspended. */
  top: Frame | null = null
  /** Number of its frames, while suspended. */
  height = 0
  /** Depth at which its driver stands. */
  baseDepth = 0
  /** The computation in which its driver runs. */
  driver: Computation | null = null
  /** The frame that was last resumed by `return(value)` and has not ended since; its end is a return for its caller too. */
  returning: Frame | null = null
  constructor(of: Closure, self: unknown, args: readonly unknown[] | null) {
    super(BOTTOM)
    this.of = of
    this.self = self
    this.args = args
  }
}

const bottomCode: Code = {
  id: "rove#computation",
  hash: "",
  name: "computation",
  url: "",
  kind: "generator",
  points: [],
  captures: [],
  Frame: null,
  make: null,
  single: null,
}
/** A computation is never stepped: the run loop looks for it by class. */
const BOTTOM = new Closure(
  bottomCode,
  () => {
    throw new Error("a computation is not stepped")
  },
  () => {
    throw new Error("a computation is not entered")
  },
  [],
)
