/**
 * Owns fibers that are waited for together: some were begun for it, others were there before. What each gives is kept, as
 * a clone, until whoever waits has seen enough.
 */
import {
  ALLOCATE,
  anything,
  atLeast,
  DECODE,
  ENCODE,
  either,
  instance,
  isTruth,
  listOf,
  NEXT,
  oneOf,
  orNull,
  plain,
  registerOwnClass,
} from "@rove/core"
import { FiberState, type Outcome } from "../runtime/fiber.ts"
import { handedOver, isPlain } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import { type Child, Distant, distant } from "../runtime/lifetime.ts"

interface State {
  readonly children: readonly (Distant | null)[]
  readonly own: readonly boolean[]
  readonly outcomes: readonly (Outcome | null)[]
  readonly firsts: readonly [first: number, failure: number, success: number]
}

export class Group {
  /** By number: the fiber, or how it ended once that is known. */
  #slots: (Child | Outcome)[] = []
  /** Numbers of those that were there before; the others were begun for the group, and so end with it. */
  #foreign: Set<number> | null = null
  #ended = 0
  /** Of those that have not ended, how many were begun for the group. */
  #pendingOwn = 0
  /** The number of the first that ended, that did not return, that returned; -1 if there is none. */
  #first = -1
  #failure = -1
  #success = -1
  // of the thread where it is
  /** All before it have ended, or are listened to. */
  #watched = 0
  /** All before it have ended. */
  #from = 0
  /** Of those that were there before, by number, as one may be there twice: nobody listens to them for longer than the group lasts. */
  #listeners: Map<number, (outcome: Outcome) => void> | null = null
  /** Called when one has ended. */
  changed: (() => void) | null = null

  get size(): number {
    return this.#slots.length
  }
  get pending(): number {
    return this.#slots.length - this.#ended
  }
  get pendingOwn(): number {
    return this.#pendingOwn
  }
  get first(): number {
    return this.#first
  }
  get failure(): number {
    return this.#failure
  }
  get success(): number {
    return this.#success
  }
  /** How that one ended; null if it is not known. */
  outcome(number: number): Outcome | null {
    const slot = this.#slots[number]
    return slot === undefined || isChild(slot) ? null : slot
  }
  /** What `make` makes of how each ended, in their order. */
  map<R>(make: (outcome: Outcome | null) => R): R[] {
    return this.#slots.map((_, number) => make(this.outcome(number)))
  }
  /** The first that has not ended; `own`: of those that were begun for the group. */
  next(own: boolean): Child | null {
    while (this.#child(this.#from) === null && this.#from < this.size) this.#from++
    for (let i = this.#from; i < this.size; i++) {
      const child = this.#child(i)
      if (child !== null && (!own || this.#isOwn(i))) return child
    }
    return null
  }
  #child(number: number): Child | null {
    const slot = this.#slots[number]
    return slot !== undefined && isChild(slot) ? slot : null
  }
  #isOwn(number: number): boolean {
    return this.#foreign === null || !this.#foreign.has(number)
  }

  add(child: Child, own: boolean): void {
    if (own) this.#pendingOwn++
    else {
      this.#foreign ??= new Set()
      this.#foreign.add(this.size)
    }
    this.#slots.push(child)
  }
  /** One of which all is known already. */
  addEnded(outcome: Outcome): void {
    this.#slots.push(outcome)
    this.#keep(this.size - 1, outcome)
  }
  /** Hears of the end of each from now on. */
  watch(host: Host): void {
    // most have ended, if they were helped
    if (this.pending === 0) this.#watched = this.size
    while (this.#watched < this.size) {
      const number = this.#watched++
      const child = this.#child(number)
      if (child !== null) this.#watch(number, child, host)
    }
  }
  #watch(number: number, child: Child, host: Host): void {
    const ended = (outcome: Outcome): void => this.#settle(number, outcome)
    if (!this.#isOwn(number)) {
      this.#listeners ??= new Map()
      this.#listeners.set(number, ended)
    }
    host.whenDone(child, ended)
  }
  /** It has come to its end. */
  dismiss(host: Host): void {
    if (this.#listeners === null) return
    for (const [number, ended] of this.#listeners) {
      const child = this.#child(number)
      if (child !== null) host.unlisten(child, ended)
    }
    this.#listeners = null
  }
  /** `run`s those that nobody has begun, in their order, as long as it is not `enough`; whoever ends needs no listener. */
  help(host: Host, run: (child: FiberState) => void, enough: () => boolean): void {
    for (let number = this.#watched; number < this.size; number++) {
      const child = this.#slots[number]
      if (!(child instanceof FiberState) || child.status !== "unstarted") continue
      run(child)
      const { outcome } = child
      if (outcome === null) continue
      if (outcome.kind === "failed") host.heard(child)
      this.#settle(number, outcome)
      if (enough()) return
    }
  }
  /** Whether all that did not return were interrupted. */
  get wasInterrupted(): boolean {
    return this.map(outcome => outcome === null || outcome.kind !== "failed").every(Boolean)
  }
  /** Asks those that were begun for it to end. */
  interrupt(reason: unknown, host: Host): void {
    for (let number = 0; number < this.size; number++) {
      const child = this.#child(number)
      if (child !== null && this.#isOwn(number)) host.interrupt(child, reason)
    }
  }
  #settle(number: number, outcome: Outcome): void {
    if (this.#isOwn(number)) this.#pendingOwn--
    else this.#listeners?.delete(number)
    const kept = own(outcome)
    this.#slots[number] = kept
    this.#keep(number, kept)
    this.changed?.()
  }
  #keep(number: number, outcome: Outcome): void {
    this.#ended++
    if (this.#first === -1) this.#first = number
    if (outcome.kind !== "returned") {
      if (this.#failure === -1) this.#failure = number
    } else if (this.#success === -1) this.#success = number
  }

  [ENCODE](): State {
    return {
      children: this.#slots.map(slot => (isChild(slot) ? distant(slot) : null)),
      own: this.#slots.map((slot, number) => isChild(slot) && this.#isOwn(number)),
      outcomes: this.map(outcome => outcome),
      firsts: [this.#first, this.#failure, this.#success],
    }
  }
  [DECODE]({ children, own: owns, outcomes, firsts }: State): void {
    for (const [number, child] of children.entries()) {
      if (child instanceof Distant) this.add(child, owns[number] === true)
      else this.addEnded(outcomes[number] as Outcome)
    }
    const [first, failure, success] = firsts
    this.#first = first
    this.#failure = failure
    this.#success = success
  }
  static [ALLOCATE](): Group {
    return new Group()
  }
}

const isOutcome = either(
  plain({ kind: oneOf("returned"), value: anything }),
  plain({ kind: oneOf("failed"), error: anything }),
  plain({ kind: oneOf("interrupted"), reason: anything }),
)
registerOwnClass(
  "rove.Group",
  Group,
  {
    children: listOf(orNull(instance(Distant))),
    own: listOf(isTruth),
    outcomes: listOf(orNull(isOutcome)),
    firsts: listOf(atLeast(-1)),
  },
  {
    holds: ({ children, own, outcomes, firsts }: State) =>
      own.length === children.length &&
      outcomes.length === children.length &&
      children.every((child, i) => (child === null) === (outcomes[i] !== null)) &&
      firsts.length === 3 &&
      firsts.every(first => first === -1 || (outcomes[first] ?? null) !== null),
  },
)

function isChild(slot: Child | Outcome): slot is Child {
  return slot instanceof FiberState || slot instanceof Distant
}

/** With a clone of what it gives. */
function own(outcome: Outcome): Outcome {
  if (outcome.kind === "returned" && isPlain(outcome.value)) return outcome
  const { kind, value } = handedOver(outcome)
  if (kind === NEXT) return { kind: "returned", value }
  return outcome.kind === "interrupted" ? { kind: "interrupted", reason: value } : { kind: "failed", error: value }
}

/** The value; throws what there is instead. */
export function given(outcome: Outcome | null | undefined): unknown {
  if (outcome?.kind === "returned") return outcome.value
  throw outcome?.kind === "failed" ? outcome.error : outcome?.reason
}
