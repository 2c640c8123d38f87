/** Owns the slow paths of the checks in compiled code: function entry and loop back-edges. */
import { RecursionLimitError } from "@rove/core"
import { BOUNCE, type Machine, PREEMPT } from "./machine.ts"

/** What a budget is refilled with where nobody else says (no host, or masked by native code on the stack). */
const UNTIMED = 0x3fffffff

/** The budget ran out. True if the fiber stops here; throws if it is interrupted. */
export function poll(m: Machine): boolean {
  const { fiber, host } = m
  if (m.masked > 0 || fiber === null || host === null) {
    m.budget = UNTIMED
    return false
  }
  if (fiber.interruptPending) {
    fiber.interruptPending = false
    throw fiber.interrupted
  }
  if (!host.poll()) return false
  m.signal = PREEMPT
  return true
}

/** A call found the budget or the depth used up. True if it stops before it begins; throws at the fiber's limit. */
export function enter(m: Machine): boolean {
  if (m.depth > m.ceiling) {
    const limit = m.fiber === null ? Number.POSITIVE_INFINITY : m.fiber.context.recursionLimit
    if (m.depth > limit) throw new RecursionLimitError(limit)
    m.signal = BOUNCE
    return true
  }
  return m.budget < 0 && poll(m)
}
