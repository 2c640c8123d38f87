/**
 * Owns what one fiber goes on with, at the home of its wait: whoever comes first says it, once, and the fiber takes it, wherever it
 * is by then.
 */
import { NEXT, type ResumeKind } from "@rove/core"
import { registerHomed } from "../runtime/homed-kinds.ts"
import { HomedObject, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"

/** Argument: a Resumption. Gives whether it was the first. */
export const RESUME = 0
/** The fiber's wait for it. */
export const TAKE = 1
/** The fiber has stopped waiting: nobody is the first any more. */
export const ABANDON = 2
export const RESUMPTION_VERBS: Readonly<Record<number, string>> = {
  [RESUME]: "resume",
  [TAKE]: "wait for",
  [ABANDON]: "abandon",
}

export interface Resumption {
  readonly how: ResumeKind
  readonly value: unknown
}

export interface ResumptionState {
  readonly decided: boolean
  /** A Resumption, perhaps a sealed one, until it is taken. */
  readonly given: unknown
}

export class ResumptionObject extends HomedObject {
  readonly kind: string = "resumption"
  readonly #taker = new Parties()
  #decided: boolean
  #given: unknown
  /** Its home is another one now. */
  gone = false
  constructor({ decided, given }: ResumptionState) {
    super()
    this.#decided = decided
    this.#given = given
  }
  override seals(operation: number): boolean {
    return operation === RESUME
  }
  protected override get queues(): readonly Parties[] {
    return [this.#taker]
  }
  protected override queueOf(): Parties {
    return this.#taker
  }
  attempt(operation: number, argument: unknown): unknown {
    if (operation === TAKE) return this.#take()
    if (this.#decided) return false
    this.#decided = true
    if (operation === RESUME) this.#give(argument)
    else this.over()
    return true
  }
  /** The fiber has it, or wants nothing any more. */
  protected over(): void {}
  #give(argument: unknown): void {
    const taker = this.#taker.first
    if (taker === null) this.#given = argument
    else {
      this.#taker.remove(taker)
      taker.settle(NEXT, argument)
      this.over()
    }
  }
  #take(): unknown {
    const given = this.#given
    if (given === undefined) return WAITS
    this.#given = undefined
    this.over()
    return given
  }
  /** Nobody waits who could be served: who resumes serves the fiber at once. */
  protected override serveNext(): boolean {
    return false
  }
  override pack(seal: (value: unknown) => unknown): ResumptionState {
    this.gone = true
    return { decided: this.#decided, given: this.#given === undefined ? undefined : seal(this.#given) }
  }
}

registerHomed("resumption", state => new ResumptionObject(state as ResumptionState))
