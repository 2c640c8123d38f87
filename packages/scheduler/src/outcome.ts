/** Owns the form in which an outcome travels: a kind and a value. What cannot be handed over becomes an error that says so. */
import { FiberInterrupted, RoveError, WorkerLost } from "@rove/core"
import { causesOf, type FiberState, KEPT, type Outcome, resultRefused, withoutFrames } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import type { Payload } from "./mail.ts"
import type { Mesh } from "./mesh.ts"

const RETURNED = 0
const FAILED = 1
const INTERRUPTED = 2
const LOST = 3

/** Never throws. `fiber`: whose it is, if that is here. */
export function encodeOutcome(codec: Codec, outcome: Outcome, fiber: FiberState | null = null): Payload {
  try {
    return codec.encode(plain(outcome))
  } catch (refusal) {
    return codec.encode([FAILED, unportable(outcome, whyNot(codec, outcome, refusal), fiber)])
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
      ? [LOST, outcome.error.message, causeOf(outcome.error), outcome.error.stack, outcome.error.thread]
      : [FAILED, outcome.error]
  const { reason } = outcome
  if (!(reason instanceof FiberInterrupted)) return [INTERRUPTED, reason]
  return reason.cause === undefined ? [INTERRUPTED, reason.reason] : [INTERRUPTED, reason.reason, reason.cause]
}

export function decodeOutcome(codec: Codec, payload: Payload): Outcome {
  try {
    const [kind, value, ...more] = codec.decode(payload) as [number, unknown, ...unknown[]]
    if (kind === RETURNED) return { kind: "returned", value }
    if (kind === INTERRUPTED) return { kind: "interrupted", reason: interruption(value, more[0]) }
    return { kind: "failed", error: kind === LOST ? workerLost(value as string, ...more) : value }
  } catch (error) {
    return { kind: "failed", error }
  }
}

/** The frames that there are are those of the mail: nobody's. */
function interruption(reason: unknown, cause: unknown): FiberInterrupted {
  return withoutFrames(() => new FiberInterrupted(reason, cause === undefined ? undefined : { cause }))
}
function workerLost(message: string, cause?: unknown, stack?: unknown, thread?: unknown): WorkerLost {
  const where = typeof thread === "number" ? { thread } : {}
  const error = withoutFrames(() => new WorkerLost(message, { cause: causeIn(cause), ...where }))
  // where a fiber heard of it, if one did
  if (typeof stack === "string") error.stack = stack
  return error
}

/** Name, message and stack of each: its class may be unknown elsewhere, and it may hold what cannot go there. */
type Told = readonly [name: string, message: string, stack: string]

/** The errors that led to it; the text of what is none, or does not want to be looked at. */
function causeOf(lost: WorkerLost): readonly Told[] | string {
  const { cause } = lost
  try {
    if (cause === undefined || cause instanceof Error)
      return causesOf(lost).map(({ name, message, stack }) => [String(name), String(message), String(stack)])
  } catch {}
  return describe(cause)
}
function causeIn(told: unknown): unknown {
  if (!Array.isArray(told)) return told
  return told.toReversed().reduce((cause: unknown, [name, message, stack]: Told) => {
    const error = withoutFrames(() => new Error(message, cause === undefined ? undefined : { cause }))
    if (name !== error.name) Object.defineProperty(error, "name", { value: name, writable: true, configurable: true })
    error.stack = stack
    return error
  }, undefined)
}

/** A symbol, a function of nobody's, an error that holds a socket: the text must not be lost over that. */
function unportable(outcome: Outcome, refusal: unknown, fiber: FiberState | null): RoveError {
  const why = describe(refusal)
  if (outcome.kind === "returned") return resultRefused(fiber, why)
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

/** `name`: "" if that is not known. */
export function lost(thread: number, id: string, name: string, cause: unknown): Outcome {
  const what = name === "" ? `fiber ${id}` : `fiber ${id} (${name})`
  return {
    kind: "failed",
    error: withoutFrames(() => new WorkerLost(`thread ${thread} is gone and ${what} with it`, { cause, thread })),
  }
}
/** Of a fiber of which nothing is known where its end would be kept. */
export function unknownOutcome(mesh: Pick<Mesh, "isForeign" | "isGone">, id: string, home: number, name = ""): Outcome {
  if (mesh.isForeign(id)) return foreign(id)
  return mesh.isGone(home) ? lost(home, id, name, undefined) : forgotten(home, id)
}
/** Of a fiber that its home may have had. */
function forgotten(home: number, id: string): Outcome {
  const what = `nothing is known of fiber ${id} at its home, thread ${home}, which keeps the ends of ${KEPT.told} fibers that were joined before and of ${KEPT.untold} others: join a fiber from elsewhere before so many more have ended`
  return { kind: "failed", error: new RoveError("ROVE_UNKNOWN_FIBER", what) }
}
/** Of a fiber that was spawned in another runtime. */
function foreign(id: string): Outcome {
  const what = `fiber ${id} is of another runtime, and nothing is known of it here: a join finds it if its record was resumed in this pool before`
  return { kind: "failed", error: new RoveError("ROVE_UNKNOWN_FIBER", what) }
}

/** Of an object whose home is gone. */
export function gone(thread: number, id: string): WorkerLost {
  return withoutFrames(() => new WorkerLost(`thread ${thread} is gone and object ${id} with it`, { thread }))
}
