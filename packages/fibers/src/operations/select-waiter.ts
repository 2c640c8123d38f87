/** Owns a fiber that waits for several things at once, and the one choice among them. */
import { NEXT, type Suspended, THROW } from "@rove/core"
import type { Answer, Choice } from "../runtime/choice.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { ABSENT, type Party, type ReplyKind } from "../runtime/homes.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import type { Alternative, Branch, Waiting } from "./alternative.ts"
import type { BaseOperation } from "./operation.ts"
import { checkMayPark, Waiter, type Wakers } from "./waiter.ts"

interface Selection {
  readonly operations: readonly (BaseOperation<unknown> & Alternative)[]
  /** False: if all would have to wait, it is over. */
  readonly patient: boolean
  readonly reason: string
  readonly at: number | null
  late(): unknown
  /** Of the operation with that index; -1: of none. */
  result(index: number, value: unknown): unknown
  again(operations: readonly BaseOperation<unknown>[]): BaseOperation<unknown>
}

/** The choice is nobody's so far. */
const OPEN = -1
/** It was made. */
const DECIDED = -2
/** Of the timeout. */
const TIMER = -3

export class SelectWaiter extends Waiter {
  readonly #of: Selection
  readonly number: number
  readonly #waitings: Waiting[] = []
  readonly #timer: Timer | null
  /** OPEN, DECIDED, or the branch that has been promised the choice. */
  #holder: number = OPEN
  /** What happens once it is open again. */
  #deferred: (() => void)[] = []
  /** Branches that would have to wait. */
  #absent = 0
  #leaves = false
  constructor(fiber: FiberState, host: Host, of: Selection) {
    super(fiber, host)
    this.#of = of
    checkMayPark(host, this)
    deliverInterrupt(fiber)
    this.number = host.homes.nextChoice()
    this.#timer = of.at === null ? null : host.timer(of.at, this)
  }
  get reason(): string {
    return this.#of.reason
  }
  get wakers(): Wakers {
    const outside =
      this.#timer !== null ||
      this.#of.operations.some(operation => operation.wakersOf(this.fiber, this.host) === "outside")
    return outside ? "outside" : "fibers"
  }
  wait(): unknown | Suspended {
    const { operations } = this.#of
    const order = [...operations.keys()]
    // those that may be decided at once come first
    order.sort((a, b) => Number(this.#isRemote(a)) - Number(this.#isRemote(b)))
    try {
      for (const i of order) if (this.#holder !== DECIDED) this.#begin(i)
    } catch (error) {
      this.#over()
      throw error
    }
    return this.park()
  }
  #isRemote(i: number): boolean {
    return !(this.#of.operations[i] as Alternative).isLocal(this.host, this.fiber)
  }
  #begin(i: number): void {
    const branch = new SelectBranch(this, i, this.#of.patient, this.fiber, this.host)
    const waiting = (this.#of.operations[i] as Alternative).waitAs(branch)
    if (waiting === null) return void this.happened(i, ABSENT, undefined)
    this.#waitings[i] = waiting
    if (this.#holder === DECIDED) waiting.undo()
  }

  get isHeld(): boolean {
    return this.#holder >= 0
  }
  hold(branch: number, answer: Answer): void {
    if (this.#holder === DECIDED) answer(false)
    else if (this.isHeld) this.#deferred.push(() => this.hold(branch, answer))
    else {
      this.#holder = branch
      answer(true)
    }
  }
  /** Nothing changes if that branch has not been promised it. */
  release(branch: number): void {
    if (this.#holder !== branch) return
    this.#holder = OPEN
    if (this.#leaves) this.#leave(() => this.repeat(this.#again()))
    else this.#goOn()
  }
  happened(branch: number, kind: ReplyKind, value: unknown): void {
    if (this.#holder === DECIDED) return
    if (kind === ABSENT) {
      this.#absent++
      if (this.#absent === this.#of.operations.length) this.#decide(NEXT, this.#of.result(OPEN, undefined))
    } else if (this.isHeld && this.#holder !== branch) this.#deferred.push(() => this.happened(branch, kind, value))
    else this.#decide(kind === THROW ? THROW : NEXT, kind === THROW ? value : this.#of.result(branch, value))
  }
  due(): void {
    this.late(this.#of.late())
  }
  /** A promise comes first, whoever has it: also that of the branch whose time is over. */
  late(error: unknown): void {
    this.happened(TIMER, THROW, error)
  }
  #decide(kind: typeof NEXT | typeof THROW, value: unknown): void {
    this.#over()
    this.wake(kind, value)
  }
  /** Nothing else is chosen any more. */
  #over(): void {
    this.#holder = DECIDED
    this.#timer?.cancel()
    for (const waiting of this.#waitings) waiting?.undo()
    this.#goOn()
  }
  #goOn(): void {
    while (!this.isHeld && this.#deferred.length > 0) (this.#deferred.shift() as () => void)()
  }

  override cancel(): void {
    this.#over()
  }
  /** A branch that has been promised the choice has the last word. */
  override withdraw(): boolean {
    if (this.isHeld) this.#leaves = true
    if (this.isHeld || this.#holder === DECIDED) return false
    this.cancel()
    return true
  }
  #leave(otherwise: () => void): void {
    this.#over()
    try {
      deliverInterrupt(this.fiber)
    } catch (interrupted) {
      return void this.wake(THROW, interrupted)
    }
    otherwise()
  }
  /** Null if one of them can be waited for on this thread alone. */
  override again(): BaseOperation<unknown> | null {
    return this.#waitings.some(waiting => waiting?.stays === true) ? null : this.#again()
  }
  #again(): BaseOperation<unknown> {
    return this.#of.again(this.#of.operations.map((operation, i) => this.#waitings[i]?.again() ?? operation))
  }
}

/** One of its operations. */
class SelectBranch implements Branch, Choice<unknown> {
  readonly #select: SelectWaiter
  readonly #index: number
  readonly patient: boolean
  readonly fiber: FiberState
  readonly host: Host
  constructor(select: SelectWaiter, index: number, patient: boolean, fiber: FiberState, host: Host) {
    this.#select = select
    this.#index = index
    this.patient = patient
    this.fiber = fiber
    this.host = host
  }
  get choice(): Choice<unknown> {
    return this
  }
  get thread(): number {
    return this.host.threadId
  }
  get number(): number {
    return this.#select.number
  }
  hold(_: unknown, answer: Answer): void {
    this.#select.hold(this.#index, answer)
  }
  release(): void {
    this.#select.release(this.#index)
  }
  offer(party: unknown, kind: number, value: unknown, answer: Answer): void {
    this.#select.hold(this.#index, yes => {
      if (yes) (party as Party).settle(kind as ReplyKind, value)
      answer(yes)
    })
  }
  happened(kind: ReplyKind, value: unknown): void {
    this.#select.happened(this.#index, kind, value)
  }
  late(error: unknown): void {
    this.#select.late(error)
  }
}
