/** Owns those who wait at objects of this thread for fibers of other threads: who they are, until they are answered, once. */

import type { Answer, Choice, Homed, Party, ReplyKind, Sealed } from "@rove/fibers/scheduling"
import { IdRanges } from "./id-ranges.ts"

/** What guests have to say to those for whom they wait. */
export interface Messenger {
  reply(guest: Guest, kind: ReplyKind, value: unknown): void
  withdrawn(guest: Guest): void
  hold(guest: Guest): void
  release(guest: Guest): void
  offer(guest: Guest, kind: ReplyKind, value: unknown): void
  /** Nobody is asked anything any more. */
  quiet(): void
}

interface Asked {
  readonly id: string
  readonly from: number
  /** Of the request; below 0: nobody waits for an answer. */
  readonly number: number
  readonly operation: number
  readonly patient: boolean
  /** Number of the choice that it belongs to. */
  readonly choosing: number | null
  readonly sealed: Sealed | null
}

export class Guest implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  held = false
  argument: unknown = undefined
  /** Null while the object is on its way here. */
  object: Homed | null = null
  readonly asked: Asked
  readonly choice: Choice<Party> | null
  readonly #book: Guests
  constructor(book: Guests, asked: Asked) {
    this.#book = book
    this.asked = asked
    this.choice = asked.choosing === null ? null : new GuestChoice(book, asked.from, asked.choosing)
  }
  get operation(): number {
    return this.asked.operation
  }
  get patient(): boolean {
    return this.asked.patient
  }
  settle(kind: ReplyKind, value: unknown): void {
    this.#book.settled(this, kind, value)
  }
  freed(): void {
    this.held = false
    this.#book.freed(this)
  }
}

/** Whether it may be served is asked at its thread. */
class GuestChoice implements Choice<Party> {
  readonly thread: number
  readonly number: number
  readonly #book: Guests
  constructor(book: Guests, thread: number, number: number) {
    this.#book = book
    this.thread = thread
    this.number = number
  }
  hold(party: Party, answer: Answer): void {
    if (this.#book.ask(party as Guest, answer)) this.#book.messenger.hold(party as Guest)
  }
  release(party: Party): void {
    this.#book.messenger.release(party as Guest)
  }
  offer(party: Party, kind: ReplyKind, value: unknown, answer: Answer): void {
    const guest = party as Guest
    const answered = (yes: boolean): void => {
      if (yes) this.#book.forget(guest)
      answer(yes)
    }
    if (this.#book.ask(guest, answered)) this.#book.messenger.offer(guest, kind, value)
  }
}

export class Guests {
  readonly messenger: Messenger
  readonly #byThread = new Map<number, Map<number, Guest>>()
  /** Who is asked whether it may be served: by thread and number of the request. */
  readonly #questions = new Map<string, { readonly thread: number; readonly answer: Answer }>()
  /** Who wanted to leave while it was held. */
  readonly #leaving = new Set<Guest>()
  /** Threads that are gone. */
  readonly #gone = new IdRanges()
  constructor(messenger: Messenger) {
    this.messenger = messenger
  }
  add(guest: Guest): void {
    const { from, number } = guest.asked
    let own = this.#byThread.get(from)
    if (own === undefined) {
      own = new Map()
      this.#byThread.set(from, own)
    }
    own.set(number, guest)
  }
  /** False if it is not in the book. */
  forget({ asked: { from, number } }: Guest): boolean {
    return this.#byThread.get(from)?.delete(number) === true
  }
  settled(guest: Guest, kind: ReplyKind, value: unknown): void {
    this.#leaving.delete(guest)
    if (this.forget(guest) && guest.asked.number > 0) this.messenger.reply(guest, kind, value)
  }
  /** It was asked for before, and may go now. Nothing happens if it has been answered. */
  withdraw(from: number, number: number): void {
    const guest = this.#byThread.get(from)?.get(number)
    if (guest === undefined) return
    if (guest.held) return void this.#leaving.add(guest)
    this.forget(guest)
    leave(guest)
    this.messenger.withdrawn(guest)
  }
  freed(guest: Guest): void {
    if (this.#leaving.delete(guest)) this.withdraw(guest.asked.from, guest.asked.number)
  }
  /** False, and the answer is no: nobody is there any more, and it was one of several who are asked one after the other. */
  ask({ asked: { from, number } }: Guest, answer: Answer): boolean {
    if (this.#gone.has(from)) answer(false)
    else this.#questions.set(`${from}:${number}`, { thread: from, answer })
    return !this.#gone.has(from)
  }
  answered(from: number, number: number, yes: boolean): void {
    const key = `${from}:${number}`
    const question = this.#questions.get(key)
    this.#questions.delete(key)
    question?.answer(yes)
    if (question !== undefined && this.isQuiet) this.messenger.quiet()
  }
  get isQuiet(): boolean {
    return this.#questions.size === 0
  }
  /** Who is gone has chosen nothing, and waits no more. */
  lost(thread: number): void {
    const own = this.#byThread.get(thread)
    this.#gone.add(thread)
    this.#byThread.delete(thread)
    for (const guest of own?.values() ?? []) if (!guest.held) leave(guest)
    for (const [key, question] of [...this.#questions])
      if (question.thread === thread) this.answered(thread, Number(key.slice(key.indexOf(":") + 1)), false)
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
