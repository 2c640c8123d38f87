/**
 * Owns what channels, locks and the like have in common at their home: they answer at once, or the one who asks waits in a
 * queue. Whether that is a fiber of this thread or one elsewhere, they do not see. Those who wait for other things too are asked
 * before they are served; until they have answered, the object serves nobody else.
 */
import { invariant, NEXT, THROW } from "@rove/core"
import { type Choice, compareChoices } from "../runtime/choice.ts"
import { ABSENT, type Homed, type Homes, NOTHING, type Party, type Whereabouts } from "../runtime/homes.ts"
import type { Parties } from "./parties.ts"

/** Instead of an answer: whoever asks has to wait. */
export const WAITS: unique symbol = Symbol("waits")
/** The answer NOTHING. */
export const NONE: unique symbol = Symbol("nothing")

/** Somebody who is to be served, and what it gets. */
export interface Served {
  readonly party: Party
  readonly value: unknown
}

export abstract class HomedObject implements Homed {
  abstract readonly kind: string
  homes: Homes | null = null
  announced = false
  outside = false
  /** Somebody has been asked whether it may be served. */
  protected busy = false
  /** How many wait who would not, as soon as it is known that they had to. */
  #impatient = 0
  /** Whether somebody has to be asked before it is known whether there is something. */
  get asks(): boolean {
    if (this.busy) return true
    for (const queue of this.queues) if (queue.first !== null && queue.first.choice !== null) return true
    return false
  }
  /** What the operation gives at once, WAITS, or NONE. Throws what it refuses; then nothing has changed, and neither has with WAITS. */
  abstract attempt(operation: number, argument: unknown): unknown
  /** Where those wait who want that. */
  protected abstract queueOf(operation: number): Parties
  protected abstract readonly queues: readonly Parties[]
  /** Serves those who wait and can be served, one match at a time. True if there may be more. */
  protected abstract serveNext(): boolean
  abstract pack(seal: (value: unknown) => unknown): unknown
  /** Most objects are asked with plain data. */
  seals(_operation: number): boolean {
    return false
  }
  /** A thread is gone: what its fibers had of the object is free again. */
  bereaved(_whereabouts: Whereabouts, _thread: number): void {}

  serve(operation: number, argument: unknown, party: Party): void {
    let now: unknown
    try {
      now = this.attempt(operation, argument)
    } catch (error) {
      return void party.settle(THROW, error)
    }
    if (now === WAITS) this.enqueue(party)
    else if (now === NONE) party.settle(NOTHING, undefined)
    else party.settle(NEXT, now)
  }
  /** The party waits from here on, after an attempt that gave WAITS. */
  enqueue(party: Party): void {
    this.queueOf(party.operation).add(party)
    if (!party.patient) this.#impatient++
    this.pump()
  }
  withdraw(party: Party): void {
    this.queueOf(party.operation).remove(party)
    if (!party.patient) this.#impatient--
    this.pump()
  }
  /** Serves all who can be served now. */
  protected pump(): void {
    while (!this.busy && this.serveNext());
    if (this.#impatient > 0 && !this.busy) this.#dismiss()
  }
  #dismiss(): void {
    this.#impatient = 0
    for (const queue of this.queues)
      for (const party of queue)
        if (!party.patient) {
          queue.remove(party)
          party.settle(ABSENT, undefined)
        }
  }

  /** Takes all of these out of their queues and settles them, if those who have a choice agree; `done` then. */
  protected match(served: readonly Served[], done: () => void): void {
    const asked = served.filter(({ party }) => party.choice !== null)
    if (asked.length === 0) return void this.#settle(served, null, done)
    asked.sort((a, b) => compareChoices(choiceOf(a), choiceOf(b)))
    this.busy = true
    for (const { party } of served) if (party.choice === null) party.held = true
    let later = false
    const over = (): void => {
      // those who leave now do so before others are asked about the rest
      for (const { party } of served) if (party.held) party.freed()
      this.busy = false
      if (later) this.pump()
    }
    const ask = (i: number): void => {
      const one = asked[i] as Served
      const answer = (yes: boolean): void => {
        if (yes && i < asked.length - 1) return void ask(i + 1)
        if (yes) this.#settle(served, one.party, done)
        else {
          for (const held of asked.slice(0, i)) choiceOf(held).release(held.party)
          if (one.party.queue !== null) this.#leave(one.party)
        }
        over()
      }
      if (i < asked.length - 1) choiceOf(one).hold(one.party, answer)
      else choiceOf(one).offer(one.party, NEXT, one.value, answer)
    }
    ask(0)
    later = true
  }
  /** `has` got its value already. */
  #settle(served: readonly Served[], has: Party | null, done: () => void): void {
    for (const { party } of served) if (party.queue !== null) this.#leave(party)
    done()
    for (const { party, value } of served) {
      if (party.held) party.held = false
      if (party !== has) party.settle(NEXT, value)
    }
  }
  #leave(party: Party): void {
    this.queueOf(party.operation).remove(party)
    if (!party.patient) this.#impatient--
  }
}

function choiceOf({ party }: Served): Choice<Party> {
  invariant(party.choice !== null, "HomedObject.match", "only who has a choice is asked")
  return party.choice
}
