/**
 * Owns what is put into the inbox of another fiber. From another thread whoever sends goes on when the home has it: what it sends
 * later, from wherever it is then, cannot be there before. So all that one fiber sends another comes in that order. Where it may not wait,
 * errands.ts has the same come of it.
 */
import { type Fields, isTruth, isUndefined, type ResumeKind, THROW } from "@rove/core"
import { TELL } from "../homed/inbox.ts"
import { HomedRef } from "../homed/ref.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { forbidsWait } from "../runtime/restrictions.ts"
import { OVER, type Routine } from "../runtime/routine.ts"
import { runErrand } from "./errands.ts"
import { FiberRef } from "./handle.ts"
import { inboxOf } from "./inbox-ref.ts"
import { isGone, isLost } from "./receive-branch.ts"

export abstract class Sending implements Routine {
  result: unknown = undefined
  sent = false
  /** The inbox died with its home: the next one is told. */
  orphaned = false
  abstract next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown

  /** Gives what is to be performed next. */
  protected send(to: FiberRef<unknown>, operation: number, argument: unknown, fiber: FiberState, host: Host): unknown {
    const inbox = inboxOf(FiberRef.addressOf(to), host)
    if (HomedRef.at(inbox, host) !== null || mayNotWait(fiber, host)) {
      const errand = { ref: inbox, operation, argument }
      runErrand(operation === TELL ? errand : { ...errand, isLost }, fiber, host)
      return OVER
    }
    this.sent = true
    return inbox.request(operation, argument, null)
  }
  /** Whether that is all; false if it has to be sent once more. A message that was in an inbox is lost with that. Throws what the wait ended with. */
  protected isOver(operation: number, kind: ResumeKind, value: unknown): boolean {
    if (kind !== THROW) return true
    if (!isGone(value)) throw value
    if (operation === TELL || this.orphaned || !isLost(value)) return true
    this.orphaned = true
    return false
  }
}

export const SENDING: Fields = { result: isUndefined, sent: isTruth, orphaned: isTruth }

/** Then it waits later: before it leaves, or ends. */
function mayNotWait(fiber: FiberState, host: Host): boolean {
  return host.machine.masked > 0 || (fiber.restricted !== null && forbidsWait(fiber, false) !== null)
}
