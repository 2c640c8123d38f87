/** Owns handing a value from one fiber to another: fibers share nothing, so the receiver gets a clone. */
import { clone, type ResumeKind, RoveError, THROW } from "@rove/core"
import { type Outcome, resumptionOf } from "./fiber.ts"

/** Whether a value is its own clone. Symbols are not: one that is private to the giver becomes fresh. */
export function isPlain(value: unknown): boolean {
  const type = typeof value
  return type === "object" ? value === null : type !== "function" && type !== "symbol"
}

export function handOver<T>(value: T): T {
  return isPlain(value) ? value : clone(value)
}

/** As `handOver` for errors and reasons, whose text must not be lost because they hold a socket, say. Never throws. */
export function handOverError(error: unknown): unknown {
  try {
    return handOver(error)
  } catch (refusal) {
    const why = `the fiber ended with "${textOf(error)}"; the error itself cannot be handed over: ${textOf(refusal)}`
    return new RoveError("ROVE_NOT_HANDED_OVER", why)
  }
}

/** How a joiner goes on after that outcome, with its own clone of the value or error. Never throws. */
export function handedOver(outcome: Outcome): { readonly kind: ResumeKind; readonly value: unknown } {
  const { kind, value } = resumptionOf(outcome)
  if (kind === THROW) return { kind, value: handOverError(value) }
  try {
    return { kind, value: handOver(value) }
  } catch (refusal) {
    const why = `the result cannot be handed over: ${textOf(refusal)}`
    return { kind: THROW, value: new RoveError("ROVE_NOT_HANDED_OVER", why) }
  }
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return "(without text)"
  }
}
