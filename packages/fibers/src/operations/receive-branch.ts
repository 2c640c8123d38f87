/**
 * Owns waiting for a message as one of several waits. The inbox is asked for one message after the other; it hands one over when it has been
 * promised the choice. A message that nobody here wants is kept with those that the fiber has taken out before, and the choice is open again.
 */
import { NEXT, RoveError, THROW } from "@rove/core"
import { RECEIVE } from "../homed/inbox.ts"
import type { Limit } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import type { Choice } from "../runtime/choice.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { ReplyKind } from "../runtime/homes.ts"
import type { Host } from "../runtime/host.ts"
import type { Branch, Waiting } from "./alternative.ts"
import { inboxOf } from "./inbox-ref.ts"
import type { BaseOperation } from "./operation.ts"
import { matches } from "./pattern.ts"
import { keep, takeLast } from "./saved.ts"

/** Those of one select, in the order in which they are written: what one of them has been given may be another's. */
const siblings = new WeakMap<FiberState, ReceiveBranch[]>()

export class ReceiveBranch implements Waiting, Branch {
  readonly #outer: Branch
  readonly #pattern: unknown
  readonly #limit: Limit | null
  readonly #again: BaseOperation<unknown>
  #asked: Waiting | null = null
  /** Asking, and whether it is to be asked once more behind that: an inbox of this thread answers while it is asked. */
  #asking: "no" | "once" | "more" = "no"
  #orphaned = false
  #over = false
  constructor(outer: Branch, pattern: unknown, limit: Limit | null, again: BaseOperation<unknown>) {
    this.#outer = outer
    this.#pattern = pattern
    this.#limit = limit
    this.#again = again
    const { fiber } = outer
    const others = siblings.get(fiber)
    if (others === undefined) siblings.set(fiber, [this])
    else others.push(this)
    this.#ask()
  }
  get choice(): Choice<unknown> {
    return this.#outer.choice
  }
  get patient(): boolean {
    return this.#outer.patient
  }
  get fiber(): FiberState {
    return this.#outer.fiber
  }
  get host(): Host {
    return this.#outer.host
  }
  #ask(): void {
    if (this.#asking !== "no") {
      this.#asking = "more"
      return
    }
    do {
      this.#asking = "once"
      this.#asked?.undo()
      this.#asked = new Request(inboxOf(this.fiber, this.host), RECEIVE, undefined, this.#limit).waitAs(this)
    } while (this.#isWantedAgain && !this.#over)
    this.#asking = "no"
    if (this.#over) this.#asked.undo()
  }
  get #isWantedAgain(): boolean {
    return this.#asking === "more"
  }
  happened(kind: ReplyKind, value: unknown): void {
    if (kind === NEXT) this.#took(value)
    else if (kind === THROW && isLost(value) && !this.#orphaned) {
      this.#orphaned = true
      this.choice.release(this)
      if (!this.#over) this.#ask()
    } else this.#outer.happened(kind, value)
  }
  late(error: unknown): void {
    this.#outer.late(error)
  }
  #took(message: unknown): void {
    keep(this.fiber, message)
    this.choice.release(this)
    for (const branch of [...(siblings.get(this.fiber) ?? [])]) branch.#look(message)
    if (!this.#over) this.#ask()
  }
  /** Takes a message that was kept, if it is wanted and nothing else was chosen. */
  #look(message: unknown): void {
    if (this.#over) return
    try {
      if (!matches(this.#pattern, message)) return
    } catch (error) {
      this.#outer.happened(THROW, error)
      return
    }
    this.choice.hold(this, yes => {
      if (yes) this.#outer.happened(NEXT, takeLast(this.fiber, message))
    })
  }
  undo(): void {
    this.#asked?.undo()
    const others = siblings.get(this.fiber)
    if (this.#over || others === undefined) return
    this.#over = true
    others.splice(others.indexOf(this), 1)
    if (others.length === 0) siblings.delete(this.fiber)
  }
  again(): BaseOperation<unknown> {
    return this.#again
  }
}

/** Nobody is there any more. */
export function isGone(error: unknown): boolean {
  return isLost(error) || (error instanceof RoveError && error.code === "ROVE_UNKNOWN_OBJECT")
}
/** The inbox has gone with the fiber's home. */
export function isLost(error: unknown): boolean {
  return error instanceof RoveError && error.code === "ROVE_WORKER_LOST"
}
