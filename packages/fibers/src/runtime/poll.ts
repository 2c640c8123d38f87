/** Owns the slow paths of the checks in compiled code: function entry and loop back-edges. */
import { aside } from "./aside.ts"
import { deliverInterrupt } from "./interruption.ts"
import { apply } from "./intrinsics.ts"
import { BOUNCE, type Machine, PREEMPT } from "./machine.ts"
import { refuseBeyond } from "./recursion.ts"
import { forbidsPreemption } from "./restrictions.ts"

/** What a budget is refilled with where nobody else says (no host, or masked by native code on the stack). */
const UNTIMED = 0x3fffffff

/** The arguments of a call that the optimiser is not to look into. */
const none: readonly unknown[] = []

/** The budget ran out. True if the fiber stops here; throws if it is interrupted. */
export function poll(m: Machine): boolean {
  const { fiber, host } = m
  m.due[0] = 0
  if (m.masked > 0 || fiber === null || host === null) {
    m.budget = UNTIMED
    return false
  }
  if (m.own.urgent) lookAround(m)
  if (fiber.due !== null) deliverInterrupt(fiber)
  // a plain call would make the host's clock and queues a part of every compiled function with a loop in it, which then
  // takes twice as long to optimise
  if (!apply(host.poll, host, none) || (fiber.restricted !== null && forbidsPreemption(fiber))) return false
  m.signal = PREEMPT
  return true
}

/** What others asked of this thread: calls are made, and an error is thrown in what runs. */
function lookAround(m: Machine): void {
  aside(m, () => betweenFibers(m))
  m.own.deliver()
}

/** Calls are the thread's: they belong to no fiber, and see nothing of the one in whose slice they are made. */
function betweenFibers(m: Machine): void {
  const { fiber, hooks } = m
  m.fiber = m.hooks = null
  try {
    m.own.makeCalls()
  } finally {
    m.fiber = fiber
    m.hooks = hooks
  }
}

/** A loop that cannot be left cheaply found this budget used up: what it goes on with; below zero if the fiber is to stop. */
export function refill(m: Machine, budget: number): number {
  m.budget = budget
  return poll(m) ? -1 : m.budget
}

/** A call found the budget or the depth used up. True if it stops before it begins; the loop then looks at the fiber's limit. */
export function enter(m: Machine): boolean {
  if (m.depth > m.ceiling) {
    refuseBeyond(m)
    m.signal = BOUNCE
    return true
  }
  return m.budget < (m.due[0] as number) && poll(m)
}
