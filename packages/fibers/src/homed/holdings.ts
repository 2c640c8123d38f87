/**
 * Owns what fibers hold of objects: a lock, a permit, each under a number of its own, so that who gives it back late, after it
 * was taken away, gives back nothing. What fibers hold that are gone with their thread is free again.
 */
import { THROW } from "@rove/core"
import type { Party, Whereabouts } from "../runtime/homes.ts"
import type { FiberAddress } from "../runtime/host.ts"
import { becameRecord } from "../runtime/recorder.ts"
import { HomedObject, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"

/** Who wants something, and how much of it. */
export interface Claim {
  readonly fiber: FiberAddress
  readonly amount: number
  /** Whether it waits if it cannot have it. */
  readonly waits: boolean
  /** Whether the fiber holds it already, as it knows: what it gave back on another thread may come later than this. */
  readonly holds: boolean
}
export interface Holding extends Claim {
  readonly operation: number
}

/** The operation with which what was taken is given back: its argument is the number. */
export const RELEASE = 9

export abstract class HoldingsObject extends HomedObject {
  readonly #waiting = new Parties()
  readonly held: Map<number, Holding> = new Map()
  #numbers = 0

  /** Whether it can be had at this moment. */
  protected abstract isFree(operation: number, claim: Claim): boolean
  /** Throws what can never be had by that fiber. */
  protected abstract check(operation: number, claim: Claim): void
  protected abstract changed(holding: Holding, taken: boolean): void

  protected override get queues(): readonly Parties[] {
    return [this.#waiting]
  }
  protected override queueOf(): Parties {
    return this.#waiting
  }
  /** Who waits without an attempt, because it has a choice, is refused what others are. */
  override enqueue(party: Party): void {
    try {
      this.check(party.operation, party.argument as Claim)
    } catch (error) {
      return void party.settle(THROW, error)
    }
    super.enqueue(party)
  }
  /** First come, first served, whoever could be served sooner. */
  attempt(operation: number, argument: unknown): unknown {
    if (operation === RELEASE) return this.#release(argument as number)
    const claim = argument as Claim
    this.check(operation, claim)
    if (!claim.waits && !claim.holds) this.#settleAccounts(claim)
    if (this.busy || this.#waiting.first !== null || !this.isFree(operation, claim)) return WAITS
    return this.#take(++this.#numbers, { ...claim, operation })
  }
  /** Who does not wait is to find free what it has given back, although that is still on its way from another thread. */
  #settleAccounts({ fiber: { id } }: Claim): void {
    for (const [number, { fiber }] of [...this.held]) if (fiber.id === id) this.#release(number)
  }
  #take(number: number, holding: Holding): number {
    this.held.set(number, holding)
    this.changed(holding, true)
    return number
  }
  #release(number: number): boolean {
    const holding = this.held.get(number)
    if (holding === undefined) return false
    this.held.delete(number)
    this.changed(holding, false)
    this.pump()
    return true
  }
  protected override serveNext(): boolean {
    const party = this.#waiting.first
    if (party === null) return false
    const { operation, argument } = party
    const claim = argument as Claim
    if (!this.isFree(operation, claim)) return false
    const number = ++this.#numbers
    this.match([{ party, value: number }], () => void this.#take(number, { ...claim, operation }))
    return true
  }
  override bereaved(whereabouts: Whereabouts): void {
    for (const [number, { fiber }] of this.held)
      whereabouts(fiber, outcome => {
        // a record holds what its fiber held
        if (!becameRecord(fiber.id, outcome)) this.#release(number)
      })
  }
  /** For `pack` and back. */
  protected get holdings(): { readonly numbers: number; readonly held: readonly (readonly [number, Holding])[] } {
    return { numbers: this.#numbers, held: [...this.held] }
  }
  protected restore({ numbers, held }: HoldingsObject["holdings"]): void {
    this.#numbers = numbers
    for (const [number, holding] of held) this.#take(number, holding)
  }
}
