/** Owns what fibers wait at together: a latch, which opens once, and a barrier, which opens each time enough have come. */
import { registerHomed } from "../runtime/homed-kinds.ts"
import type { Party } from "../runtime/homes.ts"
import { HomedObject, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"

export const WAIT = 0
export const COUNT_DOWN = 1
export const ARRIVE = 2
export const GATE_VERBS: Readonly<Record<number, string>> = {
  [WAIT]: "wait for",
  [COUNT_DOWN]: "count down",
  [ARRIVE]: "wait at",
}

export class LatchObject extends HomedObject {
  readonly kind = "latch"
  readonly #waiting = new Parties()
  #count: number
  constructor(count: number) {
    super()
    this.#count = count
  }
  protected override get queues(): readonly Parties[] {
    return [this.#waiting]
  }
  protected override queueOf(): Parties {
    return this.#waiting
  }
  attempt(operation: number, argument: unknown): unknown {
    if (operation === WAIT) return this.#count === 0 ? undefined : WAITS
    this.#count = Math.max(0, this.#count - (argument as number))
    this.pump()
    return this.#count
  }
  protected override serveNext(): boolean {
    const party = this.#waiting.first
    if (party === null || this.#count > 0) return false
    this.match([{ party, value: undefined }], () => {})
    return true
  }
  override pack(): number {
    return this.#count
  }
}

export class BarrierObject extends HomedObject {
  readonly kind = "barrier"
  readonly #waiting = new Parties()
  readonly #parties: number
  constructor(parties: number) {
    super()
    this.#parties = parties
  }
  protected override get queues(): readonly Parties[] {
    return [this.#waiting]
  }
  protected override queueOf(): Parties {
    return this.#waiting
  }
  /** Who comes last waits too, for as long as it takes to ask those who have a choice. */
  attempt(): unknown {
    return WAITS
  }
  /** The places in which they came: 0 is the first. */
  protected override serveNext(): boolean {
    if (this.#waiting.size < this.#parties) return false
    const all: Party[] = []
    for (const party of this.#waiting) if (all.length < this.#parties) all.push(party)
    this.match(
      all.map((party, value) => ({ party, value })),
      () => {},
    )
    return true
  }
  override pack(): number {
    return this.#parties
  }
}

registerHomed("latch", state => new LatchObject(state as number))
registerHomed("barrier", state => new BarrierObject(state as number))
