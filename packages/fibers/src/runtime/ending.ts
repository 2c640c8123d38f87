/**
 * Owns how a fiber whose body has ended goes on for what belongs to it. What it then does is an operation's business,
 * which the loop does not know: it says it here.
 */
import { type Frame, NEXT, RUNNING, THROW } from "@rove/core"
import type { FiberState, Outcome } from "./fiber.ts"
import type { Host } from "./host.ts"
import { asLifetime, type Lifetime } from "./lifetime.ts"
import { takeBack } from "./stack-lifetimes.ts"

/** Makes the frame that ends the lifetimes of a fiber, and then gives what it is resumed with. */
type MakeFrame = (lifetime: Lifetime) => Frame

const known: { make: MakeFrame | null; lastWait: (() => Frame) | null } = { make: null, lastWait: null }

export function registerEnding(make: MakeFrame): void {
  known.make = make
}
/** The same of the frame that waits until what the fiber has sent has arrived. */
export function registerLastWait(make: () => Frame): void {
  known.lastWait = make
}

/** Whether something is left that belongs to the fiber: then it is ready to go on for that, with its outcome. */
export function outlives(fiber: FiberState, outcome: Outcome, host: Host): boolean {
  takeBack(fiber, host)
  let lifetime = asLifetime(fiber.lifetime)
  // a scope of a stack that nobody goes on with has the failures of its children still to tell
  while (lifetime?.isEmpty === true && !(lifetime.strict && lifetime.errors.length > 0)) {
    lifetime.timer?.cancel()
    lifetime = asLifetime(lifetime.outer)
  }
  fiber.lifetime = lifetime
  if (lifetime === null || known.make === null) return false
  goOn(fiber, known.make(lifetime), outcome)
  return true
}

/** Whether all else is done, and what it has sent has yet to arrive: it goes on for that, too. */
export function lingers(fiber: FiberState, outcome: Outcome): boolean {
  if (fiber.underway === null || known.lastWait === null) return false
  goOn(fiber, known.lastWait(), outcome)
  return true
}

function goOn(fiber: FiberState, frame: Frame, outcome: Outcome): void {
  const { root } = fiber
  frame.caller = root
  root.status = RUNNING
  fiber.top = frame
  fiber.topDepth = 1
  fiber.inner = root
  fiber.resumeKind = outcome.kind === "returned" ? NEXT : THROW
  fiber.resumeValue =
    outcome.kind === "returned" ? outcome.value : outcome.kind === "failed" ? outcome.error : outcome.reason
}
