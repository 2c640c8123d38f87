/** Owns handing a value from one fiber to another: fibers share nothing, so the receiver gets a clone. */
import { clone, type ResumeKind, RoveError, THROW } from "@rove/core"
import { FiberState, type Outcome, resumptionOf } from "./fiber.ts"
import type { FiberAddress } from "./host.ts"
import { withoutFrames, withRoot } from "./stacks.ts"

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

/** How a joiner goes on after that outcome of the fiber, with its own clone of the value or error. Never throws. */
export function handedOver(
  outcome: Outcome,
  fiber?: FiberAddress,
): { readonly kind: ResumeKind; readonly value: unknown } {
  const { kind, value } = resumptionOf(outcome)
  if (kind === THROW) return { kind, value: handOverError(value) }
  try {
    return { kind, value: handOver(value) }
  } catch (refusal) {
    return { kind: THROW, value: resultRefused(fiber, textOf(refusal)) }
  }
}

/** Names the fiber whose result it is, and shows where its function begins, as far as that is known here. */
export function resultRefused(fiber: FiberAddress | null | undefined, why: string): RoveError {
  const whose = fiber == null ? "" : ` of fiber ${fiber.id} (${fiber.name})`
  const text = `the result${whose} cannot be handed over: ${why}`
  const error = withoutFrames(() => new RoveError("ROVE_NOT_HANDED_OVER", text))
  if (fiber instanceof FiberState) withRoot(error, fiber.root)
  return error
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return "(without text)"
  }
}
