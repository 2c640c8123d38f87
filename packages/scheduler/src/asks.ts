/**
 * Owns requests at objects of other threads, from the side of those who ask: each is answered once, by the object's home, or
 * ends with it. `objects.md` has the protocol.
 */
import { RoveError, THROW } from "@rove/core"
import { type Ask, type Asker, type HomedAddress, type ReplyKind, Sealed, unknownObject } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import {
  CHOOSY,
  CHOSEN,
  ELSEWHERE,
  HOLD,
  IMPATIENT,
  mail,
  OFFER,
  type Payload,
  RELEASE,
  REPLY,
  REQUEST,
  WITHDRAW,
  WITHDRAWN,
} from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"
import { gone } from "./outcome.ts"

/** A request that has not been answered. */
interface Pending {
  readonly address: HomedAddress
  /** Of the object, and of the choice. */
  readonly id: string
  readonly operation: number
  readonly payload: Payload | null
  readonly asker: Asker
  /** The thread that was asked. */
  at: number
  withdrawing: boolean
  /** It has kept its choice for this. */
  holds: boolean
}

type Open = (sealed: Sealed, then: (kind: ReplyKind, value: unknown) => void) => void

export class Asks {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #open: Open
  readonly #pending = new Map<number, Pending>()
  #requests = 0
  constructor(mesh: Mesh, codec: Codec, open: Open) {
    this.#mesh = mesh
    this.#codec = codec
    this.#open = open
    mesh.on(REPLY, m => this.#told(m.a, m.b as ReplyKind, m.payload))
    mesh.on(WITHDRAWN, m => this.#take(m.a)?.asker.withdrawn())
    mesh.on(ELSEWHERE, m => this.#askPool(m.a))
    mesh.on(HOLD, (m, from) =>
      this.#hold(m.a, held => mesh.send(from.id, { ...mail(CHOSEN, "", m.a), b: held ? 1 : 0 })),
    )
    mesh.on(OFFER, (m, from) =>
      this.#hold(m.a, held => {
        mesh.send(from.id, { ...mail(CHOSEN, "", m.a), b: held ? 1 : 0 })
        if (held) this.#told(m.a, m.b as ReplyKind, m.payload)
      }),
    )
    mesh.on(RELEASE, m => this.#release(this.#pending.get(m.a)))
  }

  ask(address: HomedAddress, operation: number, argument: unknown, asker: Asker): Ask {
    const at = this.#homeOf(address)
    const payload = argument === undefined ? null : this.#codec.encode(argument)
    const number = ++this.#requests
    const { patient, choice } = asker
    const pending: Pending = {
      address,
      id: choice === null ? address.id : `${address.id} ${choice}`,
      operation: operation | (patient ? 0 : IMPATIENT) | (choice === null ? 0 : CHOOSY),
      payload,
      asker,
      at,
      withdrawing: false,
      holds: false,
    }
    this.#send(number, pending)
    this.#pending.set(number, pending)
    return { withdraw: () => this.#withdraw(number) }
  }
  tell(address: HomedAddress, operation: number, argument: unknown): void {
    const payload = argument === undefined ? null : this.#codec.encode(argument)
    this.#mesh.send(this.#homeOf(address), { ...mail(REQUEST, address.id, -++this.#requests, payload), b: operation })
  }
  /** Thread is gone, and all that it sent was read. */
  lost(thread: number): void {
    for (const [number, pending] of [...this.#pending]) {
      if (pending.at !== thread || !this.#pending.delete(number)) continue
      this.#release(pending)
      pending.asker.told(THROW, gone(thread, pending.id))
    }
  }

  #homeOf(address: HomedAddress): number {
    const home = this.#mesh.homeOf(this.#mesh.homeIn(address.id))
    if (home === this.#mesh.id) throw this.#unknown(address, home)
    return home
  }
  #unknown(address: HomedAddress, home: number): RoveError {
    return unknownObject(address, this.#mesh.isForeign(address.id) ? "in this runtime" : `at its home, thread ${home}`)
  }
  #send(number: number, { at, id, operation, payload }: Pending): void {
    this.#mesh.send(at, { ...mail(REQUEST, id, number, payload), b: operation })
  }
  #take(number: number): Pending | undefined {
    const pending = this.#pending.get(number)
    this.#pending.delete(number)
    return pending
  }
  #withdraw(number: number): void {
    const pending = this.#pending.get(number)
    if (pending === undefined || pending.withdrawing) return // its answer is here, or will come
    pending.withdrawing = true
    this.#mesh.send(pending.at, mail(WITHDRAW, "", number))
  }
  #told(number: number, kind: ReplyKind, payload: Payload | null): void {
    const pending = this.#take(number)
    if (pending === undefined) return
    const { address, asker, at } = pending
    // an error without a word: nothing is known of it there
    if (payload === null) asker.told(kind, kind === THROW ? this.#unknown(address, at) : undefined)
    else this.#open(new Sealed(payload), (how, value) => asker.told(how === THROW ? THROW : kind, value))
  }
  /** Whoever is not here any more has chosen something else. */
  #hold(number: number, answer: (held: boolean) => void): void {
    const pending = this.#pending.get(number)
    if (pending === undefined) return void answer(false)
    pending.asker.hold(held => {
      // the question had to wait, and meanwhile the home that asked died: nobody would ever release it
      const isOver = this.#pending.get(number) !== pending
      pending.holds = held && !isOver
      if (held && isOver) pending.asker.release()
      answer(pending.holds)
    })
  }
  #release(pending: Pending | undefined): void {
    if (pending?.holds !== true) return
    pending.holds = false
    pending.asker.release()
  }
  /** The home that was asked is about to go, and had nothing to say. */
  #askPool(number: number): void {
    const pending = this.#pending.get(number)
    if (pending === undefined) return
    if (pending.withdrawing) return void this.#take(number)?.asker.withdrawn()
    pending.at = POOL
    try {
      this.#send(number, pending)
    } catch (error) {
      // what it asked with went to the other home
      if (!(error instanceof RoveError && error.code === "ROVE_NOT_HANDED_OVER")) throw error
      this.#take(number)?.asker.told(THROW, error)
    }
  }
}
