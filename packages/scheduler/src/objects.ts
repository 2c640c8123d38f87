/**
 * Owns the homed objects of a thread, and what others ask of them by mail: one request, one answer, given by the home alone.
 * `objects.md` says why nothing is lost or doubled by it.
 */

import { NEXT, RoveError, THROW } from "@rove/core"
import {
  type Ask,
  type Asker,
  type Fibers,
  type Homed,
  type HomedAddress,
  type Homes,
  makeHomed,
  provideHomed,
  type ReplyKind,
  Sealed,
  type Whereabouts,
} from "@rove/fibers/scheduling"
import { Asks } from "./asks.ts"
import type { Codec } from "./codec.ts"
import { Guest, Guests, type Messenger } from "./guests.ts"
import { IdRanges } from "./id-ranges.ts"
import {
  ADOPT,
  CHOOSY,
  CHOSEN,
  ELSEWHERE,
  HOLD,
  IMPATIENT,
  type Mail,
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
import type { Modules } from "./modules.ts"
import { describe, gone } from "./outcome.ts"

/** What objects need of their thread. */
export interface ObjectsHost {
  readonly fibers: Fibers
  readonly whereabouts: Whereabouts
  /** Nobody is asked anything any more: a thread that waited for that may go. */
  quiet(): void
}

export class Objects implements Homes {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #modules: Pick<Modules, "load">
  readonly #host: ObjectsHost
  readonly #objects = new Map<string, Homed>()
  readonly #addresses = new Map<Homed, HomedAddress>()
  readonly #asks: Asks
  readonly #guests: Guests
  /** Threads that are gone, and all that they handed over is here. */
  readonly #buried = new IdRanges()
  #ids = 0
  #choices = 0

  constructor(mesh: Mesh, codec: Codec, modules: Pick<Modules, "load">, host: ObjectsHost) {
    this.#mesh = mesh
    this.#codec = codec
    this.#modules = modules
    this.#host = host
    this.#asks = new Asks(mesh, codec, (sealed, then) => this.open(sealed, then))
    this.#guests = new Guests(this.#messenger())
    mesh.on(REQUEST, (m, from) => this.#requested(m, from.id))
    mesh.on(WITHDRAW, (m, from) => this.#guests.withdraw(from.id, m.a))
    mesh.on(CHOSEN, (m, from) => this.#guests.answered(from.id, m.a, m.b === 1))
    mesh.on(ADOPT, m => this.#adopt(m.id, m.payload as Payload))
  }

  nextChoice(): number {
    return ++this.#choices
  }
  announce(object: Homed): HomedAddress {
    if (!this.#addresses.has(object)) this.#add(`${this.#mesh.prefix}o${++this.#ids}`, object)
    return this.#addresses.get(object) as HomedAddress
  }
  #add(id: string, object: Homed): void {
    object.homes = this
    object.announced = true
    this.#objects.set(id, object)
    this.#addresses.set(object, { id, home: this.#mesh.homeIn(id), kind: object.kind })
  }
  find({ id, kind }: HomedAddress): Homed | null {
    const object = this.#objects.get(id) ?? this.#provided(id)
    return object?.kind === kind ? object : null
  }
  /** One that is there as soon as somebody asks for it, if this is its home. */
  #provided(id: string): Homed | null {
    const home = this.#mesh.homeIn(id)
    if (this.#mesh.homeOf(home) !== this.#mesh.id || (this.#mesh.isGone(home) && !this.#buried.has(home))) return null
    const object = provideHomed(id, home, this.#host.fibers)
    if (object !== null) this.#add(id, object)
    return object
  }
  forget(object: Homed): void {
    const address = this.#addresses.get(object)
    if (address === undefined) return
    this.#addresses.delete(object)
    this.#objects.delete(address.id)
  }
  ask(address: HomedAddress, operation: number, argument: unknown, asker: Asker): Ask {
    return this.#asks.ask(address, operation, argument, asker)
  }
  tell(address: HomedAddress, operation: number, argument: unknown): void {
    this.#asks.tell(address, operation, argument)
  }
  open(sealed: Sealed, then: (kind: ReplyKind, value: unknown) => void): void {
    const decoded = (): void => {
      let value: unknown
      try {
        value = this.#codec.decode(sealed)
      } catch (error) {
        return void then(THROW, error)
      }
      then(sealed.failed ? THROW : NEXT, value)
    }
    const loading = this.#modules.load(sealed.modules)
    if (loading === null) decoded()
    else loading.then(decoded, error => then(THROW, error))
  }

  /** Thread is gone, and all that it sent was read. */
  lost(thread: number): void {
    this.#guests.lost(thread)
    this.#asks.lost(thread)
  }
  /** What that thread has not handed over by now is lost with it, and so are its fibers. */
  bury(thread: number): void {
    this.#buried.add(thread)
    for (const guest of this.#guests.early()) {
      if (this.#mesh.homeIn(guest.asked.id) !== thread) continue
      const object = this.#objects.get(guest.asked.id) ?? this.#provided(guest.asked.id)
      if (object === null) guest.settle(THROW, gone(thread, guest.asked.id))
      else this.#serve(object, guest)
    }
    for (const object of this.#objects.values()) object.bereaved(this.#host.whereabouts, thread)
  }
  /** Whether nobody has been asked something that others wait for. */
  get isQuiet(): boolean {
    return this.#guests.isQuiet
  }
  /** This thread goes, and has no fibers: the pool is the home of its objects from now on. */
  handOver(): void {
    const seal = (value: unknown): Sealed => this.#seal(value)
    for (const [id, object] of this.#objects)
      this.#mesh.send(POOL, mail(ADOPT, id, 0, this.#codec.encode([object.kind, object.pack(seal)])))
    for (const { asked } of this.#guests.dismiss())
      if (asked.number > 0) this.#mesh.send(asked.from, mail(ELSEWHERE, "", asked.number))
  }

  #messenger(): Messenger {
    const mesh = this.#mesh
    const send = (kind: number, { asked }: Guest): void => mesh.send(asked.from, mail(kind, "", asked.number))
    const give = (as: number, { asked }: Guest, kind: ReplyKind, value: unknown): void => {
      const sealed = value === undefined ? null : this.#seal(value)
      const failed = (why: RoveError): Mail => ({ ...mail(as, "", asked.number, this.#codec.encode(why)), b: THROW })
      const given = { ...mail(as, "", asked.number, sealed), b: sealed?.failed ? THROW : kind }
      mesh.send(asked.from, given, undefined, failed)
    }
    return {
      reply: (guest, kind, value) => give(REPLY, guest, kind, value),
      withdrawn: guest => send(WITHDRAWN, guest),
      hold: guest => send(HOLD, guest),
      release: guest => send(RELEASE, guest),
      offer: (guest, kind, value) => give(OFFER, guest, kind, value),
      quiet: () => this.#host.quiet(),
    }
  }
  #requested(m: Mail, from: number): void {
    const { payload } = m
    const [id, choice] = (m.b & CHOOSY) === 0 ? [m.id] : (m.id.split(" ") as [string, string])
    const home = this.#mesh.homeIn(id)
    const guest = new Guest(this.#guests, {
      id,
      from,
      number: m.a,
      operation: m.b & ~(IMPATIENT | CHOOSY),
      patient: (m.b & IMPATIENT) === 0,
      choosing: choice === undefined ? null : Number(choice),
      sealed: payload && new Sealed(payload),
    })
    const object = this.#objects.get(id) ?? this.#provided(id)
    this.#guests.add(guest)
    if (object !== null) this.#serve(object, guest)
    else if (!this.#mesh.isGone(home))
      guest.settle(THROW, undefined) // who asked knows of what kind it is
    else if (this.#buried.has(home)) guest.settle(THROW, gone(home, id))
    // else its home is about to hand it over, or is dead: what comes next says which
  }
  #serve(object: Homed, guest: Guest): void {
    const { operation, sealed, number } = guest.asked
    guest.object = object
    if (sealed !== null && !object.seals(operation)) guest.argument = this.#codec.decode(sealed)
    else guest.argument = sealed ?? undefined
    // who may have chosen something else by now is asked first
    if (guest.choice === null) object.serve(operation, guest.argument, guest)
    else object.enqueue(guest)
    if (number < 0) this.#guests.forget(guest)
  }
  #adopt(id: string, payload: Payload): void {
    const [kind, state] = this.#codec.decode(payload) as [string, unknown]
    const object = makeHomed(kind, state, id, this.#mesh.homeIn(id), this.#host.fibers)
    if (object === null) return
    this.#add(id, object)
    for (const guest of this.#guests.early()) if (guest.asked.id === id) this.#serve(object, guest)
  }
  /** Never throws: what cannot leave becomes an error that says so, which the one who gets it sees. */
  #seal(value: unknown): Sealed {
    if (Sealed.is(value)) return value
    try {
      return new Sealed(this.#codec.encode(value))
    } catch (error) {
      const why = `a value cannot be handed over: ${describe(error)}`
      return new Sealed(this.#codec.encode(new RoveError("ROVE_NOT_HANDED_OVER", why)), true)
    }
  }
}
