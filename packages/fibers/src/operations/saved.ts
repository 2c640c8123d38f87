/** Owns the messages that a fiber has taken out of its inbox, and that nobody has wanted yet; they move with it. */
import { registerReference } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"

/** Under which a fiber keeps them. */
const SAVED = {}
registerReference("rove.saved", SAVED)

/** In the order in which they came. */
export function savedOf(fiber: FiberState): unknown[] {
  const known = fiber.context.extra?.locals?.get(SAVED)
  if (known !== undefined) return known as unknown[]
  const more = fiber.ownContext().more()
  more.locals ??= new Map()
  const saved: unknown[] = []
  more.locals.set(SAVED, saved)
  return saved
}
