/** Owns the homed objects of a host that is alone: what is not here is nowhere. */
import { RoveError } from "@rove/core"
import type { Ask, Homed, HomedAddress, Homes } from "./homes.ts"

/** Nothing is known of an object where it should be. */
export function unknownObject({ id, kind }: HomedAddress, where: string): RoveError {
  return new RoveError(
    "ROVE_UNKNOWN_OBJECT",
    `nothing is known of ${kind} ${id} ${where}: it belongs to another runtime, and stays there when a record moves`,
  )
}

export class LocalHomes implements Homes {
  readonly #thread: number
  /** Only those whose address somebody has. */
  readonly #objects = new Map<string, Homed>()
  readonly #ids = new Map<Homed, HomedAddress>()
  /** Ids are unique beyond this process: a record may come from any other one. */
  #tag = ""
  #choices = 0
  constructor(thread: number) {
    this.#thread = thread
  }
  nextChoice(): number {
    return ++this.#choices
  }
  announce(object: Homed): HomedAddress {
    const known = this.#ids.get(object)
    if (known !== undefined) return known
    this.#tag ||= `${globalThis.crypto.randomUUID().slice(0, 8)}-${this.#thread}.`
    const { kind } = object
    const address = { id: `${this.#tag}${this.#ids.size + 1}`, home: this.#thread, kind }
    object.homes = this
    object.announced = true
    this.#ids.set(object, address)
    this.#objects.set(address.id, object)
    return address
  }
  find({ id, kind }: HomedAddress): Homed | null {
    const object = this.#objects.get(id)
    return object?.kind === kind ? object : null
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
