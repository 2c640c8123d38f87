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

const known: { make: MakeFrame | null } = { make: null }

export function registerEnding(make: MakeFrame): void {
  known.make = make
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
  const { root } = fiber
  const frame = known.make(lifetime)
  frame.caller = root
  root.status = RUNNING
  fiber.top = frame
  fiber.topDepth = 1
  fiber.inner = root
  fiber.resumeKind = outcome.kind === "returned" ? NEXT : THROW
  fiber.resumeValue =
    outcome.kind === "returned" ? outcome.value : outcome.kind === "failed" ? outcome.error : outcome.reason
  return true
}
