/** Owns the messages that a fiber has taken out of its inbox, and that nobody has wanted yet; they move with it. */
import { isList, registerReference } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import { registerLocal } from "../runtime/held.ts"
import { matches } from "./pattern.ts"
import { heard } from "./ties.ts"

/** Under which a fiber keeps them. */
const SAVED = {}
registerReference("rove.saved", SAVED)
registerLocal(SAVED, isList)

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

/** The fiber has taken it out of its inbox. */
export function keep(fiber: FiberState, message: unknown): void {
  savedOf(fiber).push(message)
  heard(fiber, message)
}

/** The oldest of them that matches, which is not among them any more; null if there is none. */
export function takeSaved(fiber: FiberState, pattern: unknown): { readonly message: unknown } | null {
  const saved = savedOf(fiber)
  const at = saved.findIndex(message => matches(pattern, message))
  return at < 0 ? null : { message: saved.splice(at, 1)[0] }
}

/** That one, which came last of its like, is taken out. */
export function takeLast(fiber: FiberState, message: unknown): unknown {
  const saved = savedOf(fiber)
  saved.splice(saved.lastIndexOf(message), 1)
  return message
}
