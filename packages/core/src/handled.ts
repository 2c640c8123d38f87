/**
 * Owns the question which exceptions a stopped frame is handling. Nothing is kept for it on the way: each resume point says
 * which locals hold them. An entry is the local of a `catch`, or `value?kind` for a `finally`, which handles an exception
 * if that is what it will go on with.
 */
import type { Frame, FrameFields } from "./frame.ts"
import { piecesOf } from "./pieces.ts"

/** Kind of completion with which a `finally` goes on: it throws the value. */
export const THREW = 1

/** The exceptions that the frame is handling, innermost first. */
export function handledIn(frame: Frame): unknown[] {
  const locals = frame as FrameFields
  return namesOfHandled(frame).map(name => locals[name])
}

/** The locals that hold them. */
export function namesOfHandled(frame: Frame): string[] {
  const locals = frame as FrameFields
  const found: string[] = []
  for (const entry of frame.closure.code.points[frame.pc]?.handled ?? []) {
    const pieces = piecesOf(entry, "?")
    const value = pieces[0] as string
    const kind = pieces[1]
    if (kind === undefined || locals[kind] === THREW) found.push(value)
  }
  return found
}
