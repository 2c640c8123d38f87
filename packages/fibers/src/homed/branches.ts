/** Owns requests at homed objects as branches of a select: parties that are asked before they are served. */
import { NEXT, THROW } from "@rove/core"
import type { Branch, Waiting } from "../operations/alternative.ts"
import type { BaseOperation } from "../operations/operation.ts"
import type { Answer, Choice } from "../runtime/choice.ts"
import { ABSENT, type Ask, type Asker, type Party, type ReplyKind, Sealed } from "../runtime/homes.ts"
import type { Timer } from "../runtime/host.ts"
import type { HomedObject } from "./object.ts"
import { HomedRef } from "./ref.ts"
import { late, untilWhen, type Wanted } from "./waiters.ts"

abstract class RequestBranch implements Waiting {
  protected readonly branch: Branch
  protected readonly wanted: Wanted
  readonly argument: unknown
  readonly #at: number | null
  readonly #timer: Timer | null
  constructor(branch: Branch, wanted: Wanted, argument: unknown) {
    this.branch = branch
    this.wanted = wanted
    this.argument = argument
    const { limit } = wanted
    this.#at = limit && untilWhen(limit, branch.host)
    this.#timer = this.#at === null ? null : branch.host.timer(this.#at, this)
  }
  get operation(): number {
    return this.wanted.operation
  }
  get patient(): boolean {
    return this.wanted.patient && this.branch.patient
  }
  due(): void {
    this.branch.late(late(this.wanted))
  }
  protected happened(kind: ReplyKind, value: unknown): void {
    const { branch, wanted } = this
    if (kind === THROW || (kind === ABSENT && !branch.patient)) branch.happened(kind, value)
    else branch.happened(NEXT, kind === NEXT ? wanted.result(value, branch.fiber) : wanted.nothing())
  }
  undo(): void {
    this.#timer?.cancel()
  }
  again(): BaseOperation<unknown> {
    return this.wanted.again(this.argument, this.#at)
  }
}

/** At an object of this thread. */
export class LocalBranch extends RequestBranch implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  held = false
  readonly #object: HomedObject
  constructor(branch: Branch, wanted: Wanted, argument: unknown, object: HomedObject) {
    super(branch, wanted, argument)
    this.#object = object
    // served by an attempt, it could make room for another branch of its select first: both would have happened
    object.enqueue(this)
  }
  get choice(): Choice<Party> {
    return this.branch.choice
  }
  freed(): void {}
  settle(kind: ReplyKind, value: unknown): void {
    if (Sealed.is(value)) this.branch.host.homes.open(value, (how, opened) => this.settle(how, opened))
    else this.happened(kind, value)
  }
  override undo(): void {
    super.undo()
    if (this.queue !== null) this.#object.withdraw(this)
  }
}

/** At an object of another thread. */
export class RemoteBranch extends RequestBranch implements Asker {
  readonly #ask: Ask
  constructor(branch: Branch, wanted: Wanted, argument: unknown) {
    super(branch, wanted, argument)
    this.#ask = branch.host.homes.ask(HomedRef.share(wanted.ref), wanted.operation, argument, this)
  }
  get choice(): number {
    return this.branch.choice.number
  }
  told(kind: ReplyKind, value: unknown): void {
    this.happened(kind, value)
  }
  withdrawn(): void {}
  hold(answer: Answer): void {
    this.branch.choice.hold(this, answer)
  }
  release(): void {
    this.branch.choice.release(this)
  }
  override undo(): void {
    super.undo()
    this.#ask?.withdraw()
  }
}
