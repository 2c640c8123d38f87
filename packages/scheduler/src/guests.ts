/** Owns those who wait at objects of this thread for fibers of other threads: who they are, until they are answered, once. */
import type { Homed, Party, ReplyKind, Sealed } from "@rove/fibers/scheduling"

type Answer = (to: number, number: number, kind: ReplyKind, value: unknown) => void

export class Guest implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  argument: unknown = undefined
  /** Null while the object is on its way here. */
  object: Homed | null = null
  readonly #book: Guests
  readonly id: string
  readonly from: number
  /** Of the request; below 0: nobody waits for an answer. */
  readonly number: number
  readonly operation: number
  readonly sealed: Sealed | null
  constructor(book: Guests, id: string, from: number, number: number, operation: number, sealed: Sealed | null) {
    this.#book = book
    this.id = id
    this.from = from
    this.number = number
    this.operation = operation
    this.sealed = sealed
  }
  settle(kind: ReplyKind, value: unknown): void {
    this.#book.settled(this, kind, value)
  }
}

export class Guests {
  readonly #answer: Answer
  readonly #byThread = new Map<number, Map<number, Guest>>()
  constructor(answer: Answer) {
    this.#answer = answer
  }
  add(guest: Guest): void {
    let own = this.#byThread.get(guest.from)
    if (own === undefined) {
      own = new Map()
      this.#byThread.set(guest.from, own)
    }
    own.set(guest.number, guest)
  }
  settled(guest: Guest, kind: ReplyKind, value: unknown): void {
    const open = this.#byThread.get(guest.from)?.delete(guest.number) === true
    if (open && guest.number > 0) this.#answer(guest.from, guest.number, kind, value)
  }
  /** False, and nothing changes, if it has been answered. */
  withdraw(from: number, number: number): boolean {
    const own = this.#byThread.get(from)
    const guest = own?.get(number)
    if (own === undefined || guest === undefined) return false
    own.delete(number)
    leave(guest)
    return true
  }
  lost(thread: number): void {
    const own = this.#byThread.get(thread)
    this.#byThread.delete(thread)
    for (const guest of own?.values() ?? []) leave(guest)
  }
  /** Those whose object is not here yet, in the order in which they came. */
  early(): Guest[] {
    return this.#all().filter(({ object }) => object === null)
  }
  /** All of them: nobody waits here any more. */
  dismiss(): Guest[] {
    const all = this.#all()
    this.#byThread.clear()
    return all
  }
  #all(): Guest[] {
    return [...this.#byThread.values()].flatMap(own => [...own.values()])
  }
}

function leave(guest: Guest): void {
  if (guest.queue !== null) guest.object?.withdraw(guest)
}
