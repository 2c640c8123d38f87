/** Owns waiting until enough is known of a group of fibers. */
import { atLeast, instance, NEXT, oneOf, registerKind, type Suspended } from "@rove/core"
import { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import type { Child } from "../runtime/lifetime.ts"
import { Group } from "./group.ts"
import { JoiningWaiter, runInline } from "./join.ts"
import { BaseOperation } from "./operation.ts"
import { checkMayPark } from "./waiter.ts"

/** When it is enough: one of these, or all have ended. */
export type Enough = "all" | "first" | "failure" | "success" | "own"

export class Settle extends BaseOperation<void> {
  readonly #group: Group
  readonly #enough: Enough
  /** It is enough, too, when fewer than so many are left. */
  readonly #room: number
  constructor(group: Group, enough: Enough, room = 0) {
    super()
    this.#group = group
    this.#enough = enough
    this.#room = room
  }
  static isSettle(value: object): value is Settle {
    return #group in value
  }
  static take(settle: Settle): { group: Group; enough: Enough; room: number } {
    return { group: settle.#group, enough: settle.#enough, room: settle.#room }
  }
  override get awaitsEnds(): boolean {
    return true
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const group = this.#group
    if (fiber.restricted !== null && !this.#isEnough()) checkMayPark(host, this)
    // in a race all are to begin before one is waited for
    if (this.#enough === "all" || this.#enough === "failure") this.#help(fiber, host)
    group.watch(host)
    if (this.#isEnough()) return undefined
    const waiter = new GroupWaiter(this, fiber, host)
    group.changed = () => {
      if (this.#isEnough()) waiter.wake(NEXT, undefined)
    }
    return waiter.park()
  }
  /** Runs those that nobody has begun, as a join does. */
  #help(fiber: FiberState, host: Host): void {
    const run = (child: FiberState): void => {
      runInline(child, fiber, host)
      if (fiber.due !== null) deliverInterrupt(fiber)
    }
    this.#group.help(host, run, () => this.#isEnough())
  }
  #isEnough(): boolean {
    const group = this.#group
    const enough = this.#enough
    if (group.pending <= 0 || group.pending < this.#room) return true
    if (enough === "first") return group.first !== -1
    if (enough === "failure") return group.failure !== -1
    if (enough === "success") return group.success !== -1
    return enough === "own" && group.pendingOwn === 0
  }
  /** It is not enough before the `next` one has ended, whatever becomes of the others. */
  get needsNext(): boolean {
    return this.#enough === "all" || this.#enough === "own" || this.#group.pending === 1
  }
  /** The first that has not ended, of those that are needed. */
  get next(): Child | null {
    return this.#group.next(this.#enough === "own")
  }
  /** What it waits for, in words. */
  get reason(): string {
    const { next } = this
    const { pending } = this.#group
    const others = pending > 1 ? ` and ${pending - 1} more` : ""
    return next === null ? "end of fibers" : `end of fiber ${next.id} (${next.name})${others}`
  }
  forget(): void {
    this.#group.changed = null
  }
}

class GroupWaiter extends JoiningWaiter {
  readonly #settle: Settle
  constructor(settle: Settle, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.#settle = settle
    checkMayPark(host, this)
  }
  get reason(): string {
    return this.#settle.reason
  }
  get target(): Child {
    return this.#settle.next as Child
  }
  get local(): FiberState | null {
    return this.target instanceof FiberState ? this.target : null
  }
  override get joins(): boolean {
    return this.#settle.needsNext && this.#settle.next !== null
  }
  override cancel(): void {
    this.#settle.forget()
  }
  override again(): Settle {
    return this.#settle
  }
}

interface Parts {
  readonly group: Group
  readonly enough: Enough
  readonly room: number
}

registerKind<Settle, Parts>({
  name: "rove.settle",
  test: Settle.isSettle,
  take: Settle.take,
  fields: { group: instance(Group), enough: oneOf("all", "first", "failure", "success", "own"), room: atLeast(0) },
  allocate: parts => {
    const { group, enough, room } = parts as Parts
    return new Settle(group, enough, room)
  },
})
