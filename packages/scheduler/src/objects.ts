/**
 * Owns the homed objects of a thread, and requests at those of others, which go by mail: one request, one answer, given by the
 * home alone. `objects.md` says why nothing is lost or doubled by it.
 */
import { NEXT, RoveError, THROW, WorkerLost } from "@rove/core"
import {
  type Ask,
  type Asker,
  type Homed,
  type HomedAddress,
  type Homes,
  makeHomed,
  type ReplyKind,
  Sealed,
  unknownObject,
} from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { Guest, Guests } from "./guests.ts"
import { ADOPT, ELSEWHERE, type Mail, mail, type Payload, REPLY, REQUEST, WITHDRAW, WITHDRAWN } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { describe } from "./outcome.ts"

/** A request at another thread that has not been answered. */
interface Pending {
  readonly id: string
  readonly operation: number
  readonly payload: Payload | null
  readonly asker: Asker
  /** The thread that was asked. */
  at: number
  withdrawing: boolean
}

export class Objects implements Homes {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #modules: Pick<Modules, "load">
  readonly #objects = new Map<string, Homed>()
  readonly #addresses = new Map<Homed, HomedAddress>()
  readonly #pending = new Map<number, Pending>()
  readonly #guests: Guests
  /** Threads that are gone, and all that they handed over is here. */
  readonly #buried = new Set<number>()
  #ids = 0
  #requests = 0

  constructor(mesh: Mesh, codec: Codec, modules: Pick<Modules, "load">) {
    this.#mesh = mesh
    this.#codec = codec
    this.#modules = modules
    this.#guests = new Guests((to, number, kind, value) => {
      const sealed = value === undefined ? null : this.#seal(value)
      mesh.send(to, { ...mail(REPLY, "", number, sealed), b: sealed?.failed ? THROW : kind })
    })
    mesh.on(REQUEST, (m, from) => this.#requested(m, from.id))
    mesh.on(WITHDRAW, (m, from) => {
      if (this.#guests.withdraw(from.id, m.a)) mesh.send(from.id, mail(WITHDRAWN, "", m.a))
    })
    mesh.on(REPLY, m => this.#replied(m))
    mesh.on(WITHDRAWN, m => this.#take(m.a)?.asker.withdrawn())
    mesh.on(ELSEWHERE, m => this.#askPool(m.a))
    mesh.on(ADOPT, m => this.#adopt(m.id, m.payload as Payload))
  }

  announce(object: Homed): HomedAddress {
    const known = this.#addresses.get(object)
    if (known !== undefined) return known
    const id = `${this.#mesh.prefix}o${++this.#ids}`
    this.#add(id, object)
    return this.#addresses.get(object) as HomedAddress
  }
  #add(id: string, object: Homed): void {
    object.homes = this
    object.announced = true
    this.#objects.set(id, object)
    this.#addresses.set(object, { id, home: this.#mesh.homeIn(id), kind: object.kind })
  }
  find({ id, kind }: HomedAddress): Homed | null {
    const object = this.#objects.get(id)
    return object?.kind === kind ? object : null
  }
  ask(address: HomedAddress, operation: number, argument: unknown, asker: Asker): Ask {
    const at = this.#homeOf(address)
    const payload = argument === undefined ? null : this.#codec.encode(argument)
    const number = ++this.#requests
    const pending: Pending = { id: address.id, operation, payload, asker, at, withdrawing: false }
    this.#pending.set(number, pending)
    this.#send(number, pending)
    return { withdraw: () => this.#withdraw(number) }
  }
  tell(address: HomedAddress, operation: number, argument: unknown): void {
    const payload = argument === undefined ? null : this.#codec.encode(argument)
    this.#mesh.send(this.#homeOf(address), { ...mail(REQUEST, address.id, -++this.#requests, payload), b: operation })
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
    for (const [number, { at, id, asker }] of [...this.#pending])
      if (at === thread && this.#pending.delete(number)) asker.told(THROW, gone(thread, id))
  }
  /** What that thread has not handed over by now is lost with it. */
  bury(thread: number): void {
    this.#buried.add(thread)
    for (const guest of this.#guests.early())
      if (this.#mesh.homeIn(guest.id) === thread) guest.settle(THROW, gone(thread, guest.id))
  }
  /** This thread goes, and has no fibers: the pool is the home of its objects from now on. */
  handOver(): void {
    const seal = (value: unknown): Sealed => this.#seal(value)
    for (const [id, object] of this.#objects)
      this.#mesh.send(POOL, mail(ADOPT, id, 0, this.#codec.encode([object.kind, object.pack(seal)])))
    for (const { from, number } of this.#guests.dismiss()) this.#mesh.send(from, mail(ELSEWHERE, "", number))
  }

  #homeOf(address: HomedAddress): number {
    const home = this.#mesh.homeOf(this.#mesh.homeIn(address.id))
    if (home === this.#mesh.id) throw unknownObject(address, `at its home, thread ${home}`)
    return home
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
  #replied({ a, b, payload }: Mail): void {
    const asker = this.#take(a)?.asker
    if (asker === undefined) return
    const kind = b as ReplyKind
    if (payload === null) return void asker.told(kind, undefined)
    this.open(new Sealed(payload), (how, value) => asker.told(how === THROW ? THROW : kind, value))
  }
  /** The home that was asked is about to go, and had nothing to say. */
  #askPool(number: number): void {
    const pending = this.#pending.get(number)
    if (pending === undefined) return
    if (pending.withdrawing) return void this.#take(number)?.asker.withdrawn()
    pending.at = POOL
    this.#send(number, pending)
  }

  #requested({ id, a, b, payload }: Mail, from: number): void {
    const object = this.#objects.get(id)
    const home = this.#mesh.homeIn(id)
    const guest = new Guest(this.#guests, id, from, a, b, payload && new Sealed(payload))
    this.#guests.add(guest)
    if (object !== undefined) this.#serve(object, guest)
    else if (!this.#mesh.isGone(home)) guest.settle(THROW, unknownObject({ id, home, kind: "object" }, "at its home"))
    else if (this.#buried.has(home)) guest.settle(THROW, gone(home, id))
    // else its home is about to hand it over, or is dead: what comes next says which
  }
  #serve(object: Homed, guest: Guest): void {
    const { operation, sealed } = guest
    guest.object = object
    if (sealed !== null && !object.seals(operation)) guest.argument = this.#codec.decode(sealed)
    else guest.argument = sealed ?? undefined
    object.serve(operation, guest.argument, guest)
  }
  #adopt(id: string, payload: Payload): void {
    const [kind, state] = this.#codec.decode(payload) as [string, unknown]
    const object = makeHomed(kind, state)
    if (object === null) return
    this.#add(id, object)
    for (const guest of this.#guests.early()) if (guest.id === id) this.#serve(object, guest)
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

function gone(thread: number, id: string): WorkerLost {
  return new WorkerLost(`thread ${thread} is gone and object ${id} with it`)
}
