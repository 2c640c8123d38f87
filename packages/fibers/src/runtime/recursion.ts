/**
 * Owns the limit of recursion: a number of frames of the computation, whatever the thread's stack. Who handles the error,
 * in a `catch` or a `finally`, may go a little deeper, to say what happened; that is derived from the frames, like all that
 * is known of handled exceptions, so the limit is the same on every thread and nothing of it has to be kept.
 */
import { Computation, type Frame, handledIn, RecursionLimitError } from "@rove/core"
import { type Machine, UNLIMITED } from "./machine.ts"

/** Frames beyond the limit for those who handle its error. */
const HEADROOM = 64

export function limitOf(m: Machine): number {
  return m.fiber === null ? UNLIMITED : m.fiber.context.recursionLimit
}

/** A call beyond all limits, from frames that may be native: no headroom is left, or none was given. */
export function refuseBeyond(m: Machine): void {
  const limit = limitOf(m)
  if (m.depth > limit + HEADROOM) throw new RecursionLimitError(limit)
}

/** A call beyond the limit, whose frame has not begun: the error for its caller, or null if that handles one already. */
export function refuse(m: Machine, called: Frame): RecursionLimitError | null {
  for (let frame = called.caller; frame !== null; frame = frame.caller)
    if (!(frame instanceof Computation) && handledIn(frame).some(error => error instanceof RecursionLimitError))
      return null
  return new RecursionLimitError(limitOf(m))
}
