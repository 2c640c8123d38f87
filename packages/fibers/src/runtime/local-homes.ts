/** Owns the homed objects of a host that is alone: what is not here is nowhere. */
import { RoveError } from "@rove/core"
import { type Fibers, provideHomed } from "./homed-kinds.ts"
import type { Ask, Homed, HomedAddress, Homes } from "./homes.ts"

/** Nothing is known of an object where it should be. */
export function unknownObject({ id, kind }: HomedAddress, where: string): RoveError {
  return new RoveError(
    "ROVE_UNKNOWN_OBJECT",
    `nothing is known of ${kind} ${id} ${where}: it belongs to another runtime, and stays there when a record or its handle moves; make one here, and hand that over`,
  )
}

export class LocalHomes implements Homes {
  readonly #thread: number
  readonly #fibers: Fibers
  /** Only those whose address somebody has. */
  readonly #objects = new Map<string, Homed>()
  readonly #ids = new Map<Homed, HomedAddress>()
  readonly #prefix: string
  #choices = 0
  #made = 0
  /** `prefix`: of ids. */
  constructor(thread: number, prefix: string, fibers: Fibers) {
    this.#thread = thread
    this.#prefix = prefix
    this.#fibers = fibers
  }
  nextChoice(): number {
    return ++this.#choices
  }
  announce(object: Homed): HomedAddress {
    const known = this.#ids.get(object)
    if (known !== undefined) return known
    return this.#add(`${this.#prefix}o${++this.#made}`, object)
  }
  #add(id: string, object: Homed): HomedAddress {
    const address = { id, home: this.#thread, kind: object.kind }
    object.homes = this
    object.announced = true
    this.#ids.set(object, address)
    this.#objects.set(id, object)
    return address
  }
  find({ id, kind }: HomedAddress): Homed | null {
    const object = this.#objects.get(id) ?? this.#provided(id)
    return object?.kind === kind ? object : null
  }
  #provided(id: string): Homed | null {
    const object = provideHomed(id, this.#thread, this.#fibers)
    if (object !== null) this.#add(id, object)
    return object
  }
  forget(object: Homed): void {
    const address = this.#ids.get(object)
    if (address === undefined) return
    this.#ids.delete(object)
    this.#objects.delete(address.id)
  }
  ask(address: HomedAddress): Ask {
    throw unknownObject(address, "on this host")
  }
  tell(address: HomedAddress): void {
    throw unknownObject(address, "on this host")
  }
  /** Nothing comes from elsewhere. */
  open(): void {}
}
