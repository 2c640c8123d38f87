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
  /** By number; null once its end is known. */
  #children: (Child | null)[] = []
  /** Begun for the group, and so ended with it. */
  #own: boolean[] = []
  #outcomes: (Outcome | null)[] = []
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
  /** Of those that were there before: nobody listens to them for longer than the group lasts. */
  #listeners: Map<Child, (outcome: Outcome) => void> | null = null
  /** Called when one has ended. */
  changed: (() => void) | null = null

  get size(): number {
    return this.#children.length
  }
  get pending(): number {
    return this.#children.length - this.#ended
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
  get outcomes(): readonly (Outcome | null)[] {
    return this.#outcomes
  }
  /** The first that has not ended; `own`: of those that were begun for the group. */
  next(own: boolean): Child | null {
    while (this.#children[this.#from] === null) this.#from++
    for (let i = this.#from; i < this.#children.length; i++) {
      const child = this.#children[i]
      if (child != null && (!own || this.#own[i] === true)) return child
    }
    return null
  }

  add(child: Child, own: boolean): void {
    this.#children.push(child)
    this.#own.push(own)
    this.#outcomes.push(null)
    if (own) this.#pendingOwn++
  }
  /** One of which all is known already. */
  addEnded(outcome: Outcome): void {
    this.#children.push(null)
    this.#own.push(false)
    this.#outcomes.push(null)
    this.#keep(this.#children.length - 1, outcome)
  }
  /** Hears of the end of each from now on. */
  watch(host: Host): void {
    while (this.#watched < this.#children.length) {
      const number = this.#watched++
      const child = this.#children[number]
      if (child == null) continue
      const ended = (outcome: Outcome): void => this.#settle(number, outcome)
      if (this.#own[number] !== true) {
        this.#listeners ??= new Map()
        this.#listeners.set(child, ended)
      }
      host.whenDone(child, ended)
    }
  }
  /** It has come to its end. */
  dismiss(host: Host): void {
    for (const [child, ended] of this.#listeners ?? []) host.unlisten(child, ended)
    this.#listeners = null
  }
  /** `run`s those that nobody has begun, in their order, as long as it is not `enough`; whoever ends needs no listener. */
  help(host: Host, run: (child: FiberState) => void, enough: () => boolean): void {
    for (let number = this.#watched; number < this.#children.length; number++) {
      const child = this.#children[number]
      if (!(child instanceof FiberState) || child.status !== "unstarted") continue
      run(child)
      const { outcome } = child
      if (outcome === null) continue
      if (outcome.kind === "failed") host.heard(child)
      this.#settle(number, outcome)
      if (enough()) return
    }
  }
  /** Asks those that were begun for it to end. */
  interrupt(reason: unknown, host: Host): void {
    for (const [number, child] of this.#children.entries())
      if (child !== null && this.#own[number] === true) host.interrupt(child, reason)
  }
  #settle(number: number, outcome: Outcome): void {
    const child = this.#children[number]
    if (this.#own[number] === true) this.#pendingOwn--
    else if (child != null) this.#listeners?.delete(child)
    this.#children[number] = null
    this.#keep(number, own(outcome))
    this.changed?.()
  }
  #keep(number: number, outcome: Outcome): void {
    this.#outcomes[number] = outcome
    this.#ended++
    if (this.#first === -1) this.#first = number
    if (outcome.kind !== "returned") {
      if (this.#failure === -1) this.#failure = number
    } else if (this.#success === -1) this.#success = number
  }

  [ENCODE](): State {
    return {
      children: this.#children.map(child => (child === null ? null : distant(child))),
      own: this.#own,
      outcomes: this.#outcomes,
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
