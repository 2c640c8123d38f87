/**
 * Owns what a fiber can ask about its own frames. They exist only while it is stopped, so both questions stop it for a
 * moment; nothing is kept on the way for their sake.
 */
import { Computation, type Frame, handledIn, NEXT, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** One activation: which compiled function, and where in its source it stands. */
export interface StackFrame {
  readonly name: string
  /** `path#qualified.name`. */
  readonly code: string
  readonly line: number
  readonly column: number
}

class Inspect<R> extends BaseOperation<R> {
  readonly #what: string
  readonly #read: (frames: readonly Frame[]) => R
  constructor(what: string, read: (frames: readonly Frame[]) => R) {
    super()
    this.#what = what
    this.#read = read
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const waiter = new LocalWaiter(fiber, host, this.#what, true)
    queueMicrotask(() => waiter.wake(NEXT, this.#read(framesOf(fiber))))
    return waiter.park()
  }
}

/** The frames of a stopped fiber, youngest first, those of computations that it drives included. */
function framesOf(fiber: FiberState): Frame[] {
  const frames: Frame[] = []
  for (let at = fiber.top; at !== null; at = at.caller) if (isOfProgram(at)) frames.push(at)
  return frames
}

/** Between the frames of a program there are computations, and frames of ours. */
function isOfProgram(frame: Frame): boolean {
  return !(frame instanceof Computation) && !frame.closure.code.id.startsWith("rove#")
}

function describe({ closure: { code }, pc }: Frame): StackFrame {
  const { line, column } = code.points[pc] ?? { line: 0, column: 0 }
  return { name: code.name, code: code.id, line, column }
}

/** Gives the frames of this fiber, youngest first; their number is its depth. */
export function stack(): Operation<StackFrame[]> {
  return new Inspect("stack", frames => frames.map(describe))
}

/**
 * Gives the exceptions whose `catch` blocks this fiber is in, or whose `finally` blocks they brought it to, innermost
 * first, those of its callers included.
 */
export function handledExceptions(): Operation<unknown[]> {
  return new Inspect("handledExceptions", frames => frames.flatMap(handledIn))
}
