/** Owns the form in which an outcome travels: a kind and a value. What cannot be handed over becomes an error that says so. */
import { FiberInterrupted, RoveError, WorkerLost } from "@rove/core"
import type { Outcome } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import type { Payload } from "./mail.ts"

const RETURNED = 0
const FAILED = 1
const INTERRUPTED = 2
const LOST = 3

/** Never throws. */
export function encodeOutcome(codec: Codec, outcome: Outcome): Payload {
  try {
    return codec.encode(plain(outcome))
  } catch (refusal) {
    return codec.encode([FAILED, unportable(outcome, whyNot(codec, outcome, refusal))])
  }
}

/** The refusal of the value by itself: a path in it that begins where the value does, not in our form around it. */
function whyNot(codec: Codec, outcome: Outcome, refusal: unknown): unknown {
  try {
    codec.encode(plain(outcome)[1])
    return refusal
  } catch (own) {
    return own
  }
}

function plain(outcome: Outcome): unknown[] {
  if (outcome.kind === "returned") return [RETURNED, outcome.value]
  if (outcome.kind === "failed")
    return outcome.error instanceof WorkerLost
      ? [LOST, outcome.error.message, describe(outcome.error.cause)]
      : [FAILED, outcome.error]
  return [INTERRUPTED, outcome.reason instanceof FiberInterrupted ? outcome.reason.reason : outcome.reason]
}

export function decodeOutcome(codec: Codec, payload: Payload): Outcome {
  try {
    const [kind, value, cause] = codec.decode(payload) as [number, unknown, unknown]
    if (kind === RETURNED) return { kind: "returned", value }
    if (kind === INTERRUPTED) return { kind: "interrupted", reason: new FiberInterrupted(value) }
    return { kind: "failed", error: kind === LOST ? new WorkerLost(value as string, { cause }) : value }
  } catch (error) {
    return { kind: "failed", error }
  }
}

/** A symbol, a function of nobody's, an error that holds a socket: the text must not be lost over that. */
function unportable(outcome: Outcome, refusal: unknown): RoveError {
  const why = describe(refusal)
  if (outcome.kind === "returned")
    return new RoveError("ROVE_NOT_HANDED_OVER", `the result cannot be handed over: ${why}`)
  const error = outcome.kind === "failed" ? outcome.error : outcome.reason
  return new RoveError(
    "ROVE_NOT_HANDED_OVER",
    `the fiber ended with "${describe(error)}"; the error itself cannot be handed over: ${why}`,
  )
}

export function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return "(without text)"
  }
}

export function lost(thread: number, what: string, cause: unknown): Outcome {
  return { kind: "failed", error: new WorkerLost(`thread ${thread} is gone and ${what} with it`, { cause }) }
}

/** Of an object whose home is gone. */
export function gone(thread: number, id: string): WorkerLost {
  return new WorkerLost(`thread ${thread} is gone and object ${id} with it`)
}
