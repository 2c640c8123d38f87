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
  /** It is none of its frames: there the fiber was spawned (option `trackOrigin`); `code` is then the file. */
  readonly origin?: true
}

class Inspect<R> extends BaseOperation<R> {
  readonly #what: string
  readonly #read: (frames: readonly Frame[], fiber: FiberState) => R
  constructor(what: string, read: (frames: readonly Frame[], fiber: FiberState) => R) {
    super()
    this.#what = what
    this.#read = read
  }
  perform(fiber: FiberState, host: Host): R | Suspended {
    const waiter = new LocalWaiter(fiber, host, this.#what, true)
    queueMicrotask(() => waiter.wake(NEXT, this.#read(framesOf(fiber), fiber)))
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

/** A line of the stack of who spawned it. */
function spawnedAt(text: string): StackFrame {
  const [, name = "", code = text, line = 0, column = 0] = /^(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(text) ?? []
  return { name, code, line: Number(line), column: Number(column), origin: true }
}

/**
 * Gives the frames of this fiber, youngest first; their number is its depth. Behind them, with `origin`, stands where it was
 * spawned, if that was asked for.
 */
export function stack(): Operation<StackFrame[]> {
  return new Inspect("stack", (frames, { context }) => [
    ...frames.map(describe),
    ...(context.extra?.origin ?? []).map(spawnedAt),
  ])
}

/**
 * Gives the exceptions whose `catch` blocks this fiber is in, or whose `finally` blocks they brought it to, innermost
 * first, those of its callers included.
 */
export function handledExceptions(): Operation<unknown[]> {
  return new Inspect("handledExceptions", frames => frames.flatMap(handledIn))
}
