/**
 * Owns fibers that are waited for together: some were begun for it, others were there before. What each gives is kept, as
 * a clone, until whoever waits has seen enough.
 */
import { ALLOCATE, DECODE, ENCODE, NEXT, RoveError, registerReference } from "@rove/core"
import type { Outcome } from "../runtime/fiber.ts"
import { handedOver } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import { type Child, Distant, distant } from "../runtime/lifetime.ts"

interface Member {
  readonly child: Child
  /** Begun for the group, and so ended with it. */
  readonly own: boolean
}

interface State {
  readonly children: readonly (Distant | null)[]
  readonly own: readonly boolean[]
  readonly outcomes: readonly (Outcome | null)[]
  readonly order: readonly number[]
}

export class Group {
  /** By number; null once its end is known. */
  #members: (Member | null)[] = []
  #outcomes: (Outcome | null)[] = []
  /** Numbers of those that have ended, in that order. */
  #order: number[] = []
  /** Of those that have not, how many were begun for the group. */
  #pendingOwn = 0
  #failure = -1
  #success = -1
  /** Nothing before it has not ended. */
  #from = 0
  // of the thread where it is
  #watched = 0
  /** Called when one has ended. */
  changed: (() => void) | null = null

  get size(): number {
    return this.#members.length
  }
  get pending(): number {
    return this.#members.length - this.#order.length
  }
  get pendingOwn(): number {
    return this.#pendingOwn
  }
  /** The number of the first that ended, that did not return, that returned; -1 if there is none. */
  get first(): number {
    return this.#order[0] ?? -1
  }
  get failure(): number {
    return this.#failure
  }
  get success(): number {
    return this.#success
  }
  get outcomes(): readonly (Outcome | null)[] {
    return this.#outcomes
  }
  /** Those that have not ended. */
  *living(): Generator<Member, void> {
    while (this.#members[this.#from] === null) this.#from++
    for (let number = this.#from; number < this.#members.length; number++) {
      const member = this.#members[number]
      if (member != null) yield member
    }
  }

  add(child: Child, own: boolean): void {
    this.#members.push({ child, own })
    this.#outcomes.push(null)
    if (own) this.#pendingOwn++
  }
  /** One of which all is known already. */
  addEnded(outcome: Outcome): void {
    this.#members.push(null)
    this.#outcomes.push(null)
    this.#settle(this.#members.length - 1, outcome)
  }
  /** Hears of the end of each from now on. */
  watch(host: Host): void {
    while (this.#watched < this.#members.length) {
      const number = this.#watched++
      const member = this.#members[number]
      if (member != null) host.whenDone(member.child, outcome => this.#ended(number, outcome))
    }
  }
  #ended(number: number, outcome: Outcome): void {
    if (this.#members[number]?.own === true) this.#pendingOwn--
    this.#members[number] = null
    this.#settle(number, own(outcome))
    this.changed?.()
  }
  #settle(number: number, outcome: Outcome): void {
    this.#outcomes[number] = outcome
    this.#order.push(number)
    if (outcome.kind !== "returned") {
      if (this.#failure === -1) this.#failure = number
    } else if (this.#success === -1) this.#success = number
  }
  /** Asks those that were begun for it to end. */
  interrupt(reason: unknown, host: Host): void {
    for (const { child, own: isOwn } of this.living()) if (isOwn) host.interrupt(child, reason)
  }

  [ENCODE](): State {
    return {
      children: this.#members.map(member => (member === null ? null : distant(member.child))),
      own: this.#members.map(member => member?.own === true),
      outcomes: this.#outcomes,
      order: this.#order,
    }
  }
  [DECODE]({ children, own: owns, outcomes, order }: State): void {
    if (![children, owns, outcomes, order].every(Array.isArray) || children.length !== outcomes.length)
      throw new RoveError("ROVE_RECORD", "the fibers that one waits for are none")
    for (const [i, child] of children.entries()) {
      if (child !== null && !(child instanceof Distant))
        throw new RoveError("ROVE_RECORD", "a fiber that one waits for is none")
      this.#members.push(child === null ? null : { child, own: owns[i] === true })
      this.#outcomes.push(null)
      if (child !== null && owns[i] === true) this.#pendingOwn++
    }
    for (const number of order) this.#settle(number, outcomes[number] as Outcome)
  }
  static [ALLOCATE](): Group {
    return new Group()
  }
}

registerReference("rove.Group", Group)

/** With a clone of what it gives. */
function own(outcome: Outcome): Outcome {
  const { kind, value } = handedOver(outcome)
  if (kind === NEXT) return { kind: "returned", value }
  return outcome.kind === "interrupted" ? { kind: "interrupted", reason: value } : { kind: "failed", error: value }
}

/** The value; throws what there is instead. */
export function given(outcome: Outcome | null | undefined): unknown {
  if (outcome?.kind === "returned") return outcome.value
  throw outcome?.kind === "failed" ? outcome.error : outcome?.reason
}
