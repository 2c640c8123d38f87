/**
 * Owns handles of homed objects: the object itself on the thread where the handle was made, its address everywhere else. An
 * object is known to nobody but its handles until one of them is encoded; then its home keeps it until it ends.
 */
import {
  type Fits,
  invariant,
  isNatural,
  isNumber,
  isText,
  oneOf,
  optionNames,
  orNull,
  plain,
  RoveError,
  refuseUnknown,
  registerKind,
} from "@rove/core"
import type { BaseOperation } from "../operations/operation.ts"
import type { Homed, HomedAddress, Homes } from "../runtime/homes.ts"
import type { Host } from "../runtime/host.ts"
import { INSTEAD } from "../runtime/instead.ts"
import { show } from "../runtime/options.ts"
import { machine } from "../runtime/thread.ts"

/** How long an operation waits at most: as it was said, and until when on the host's clock, once it waits. */
export interface Limit {
  readonly ms: number
  readonly at: number | null
}

/** The home of what ordinary code made, where there are several threads. */
const POOL = 0

/** As it is in records. */
export const isLimit: Fits = orNull(plain<Limit>({ ms: isNumber, at: orNull(isNumber) }))

export interface WaitingOptions {
  /** Milliseconds after which the wait ends with ROVE_TIMEOUT; nothing has happened then. */
  readonly timeout?: number
}
const OPTIONS = optionNames<WaitingOptions>({ timeout: true })

/** Throws ROVE_INVALID_ARGUMENT, naming the operation. */
export function limitOf(options: WaitingOptions | undefined, where: string): Limit | null {
  if (options === undefined) return null
  refuseUnknown(options, OPTIONS, where)
  const { timeout: ms } = options
  if (ms === undefined || ms === Number.POSITIVE_INFINITY) return null
  if (typeof ms === "number" && ms >= 0) return { ms, at: null }
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where}: timeout is a number of milliseconds, not ${show(ms)}`)
}

/** The limit of a wait that begins now, or has begun. */
export function begun({ ms, at }: Limit, host: Host): Limit {
  return { ms, at: at ?? host.now() + ms }
}

export abstract class HomedRef {
  #object: Homed | null
  #address: HomedAddress | null
  constructor(object: Homed | null, address: HomedAddress | null) {
    this.#object = object
    this.#address = address
    if (object !== null) object.outside = machine.fiber === null
  }
  /** Whether ordinary code made the object, and may have more fibers use it. */
  static isOutside(ref: HomedRef): boolean {
    if (ref.anybody) return true
    return ref.#object !== null ? ref.#object.outside : ref.#address?.home === POOL
  }
  /** Asks nothing of the object itself, which may be a proxy. */
  static is(value: object): value is HomedRef {
    return #object in value
  }
  /** The object, if it is the host's own; an object whose handle nobody has used yet becomes that. */
  static at(ref: HomedRef, host: Host): Homed | null {
    const object = ref.#object
    if (object !== null && object.homes === host.homes) return object
    return ref.#find(host)
  }
  /** Whether both are of the same object. */
  static same(one: HomedRef, other: HomedRef): boolean {
    if (one === other) return true
    const object = HomedRef.here(one)
    if (object !== null || HomedRef.here(other) !== null) return object === HomedRef.here(other)
    return one.#address?.id === other.#address?.id
  }
  /** Whether the object is, or was, one of the host's runtime. */
  static isOfRuntime(ref: HomedRef, host: Host): boolean {
    if (ref.#address === null) return true // it has never left its thread
    const { prefix } = host.birthplace
    return ref.#address.id.startsWith(prefix.slice(0, prefix.lastIndexOf("-") + 1))
  }
  /** The object, if it is of this thread: for ordinary code, which has no host of its own. */
  static here(ref: HomedRef): Homed | null {
    return ref.#object ?? (machine.host === null ? null : HomedRef.at(ref, machine.host))
  }
  #find(host: Host): Homed | null {
    const object = this.#object
    if (object !== null && object.homes === null) {
      object.homes = host.homes
      return object
    }
    if (this.#address === null) return null
    const found = host.homes.find(this.#address)
    if (found !== null) this.#object = found
    return found
  }
  /** What a record holds of the handle. From now on others may ask for the object, so its home is told. */
  static share(ref: HomedRef): HomedAddress {
    if (ref.#address !== null) return ref.#address
    const homes = ref.#homes()
    invariant(homes !== null, "HomedRef.share", "what has no home was refused")
    ref.#address = homes.announce(ref.#object as Homed)
    return ref.#address
  }
  /** Why the handle cannot leave its thread; null if it can. */
  static refusal(ref: HomedRef): string | null {
    if (ref.#address !== null || ref.#homes() !== null) return null
    return `this ${HomedRef.label(ref)} has no home: a host or a pool has to use it first, or to take it with what it runs`
  }
  #homes(): Homes | null {
    return (this.#object as Homed).homes ?? machine.homes ?? machine.host?.homes ?? null
  }
  /** Whether ordinary code serves those who wait, too. */
  get anybody(): boolean {
    return false
  }
  /** What a fiber does that waits for that operation: `receive from`, say. */
  abstract verb(operation: number): string
  /** Whether its home can be asked for that: a record may say anything. */
  abstract takes(operation: number, argument: unknown): boolean
  /** The operation as an object, for one that goes on elsewhere. */
  abstract request(operation: number, argument: unknown, limit: Limit | null, patient: boolean): BaseOperation<unknown>
  /** For messages: its kind, and its id if anybody else knows it. */
  static label(ref: HomedRef): string {
    const kind = (ref.#object ?? (ref.#address as HomedAddress)).kind
    return ref.#address === null ? kind : ref.named(kind, ref.#address.id)
  }
  /** What to write where `yield*` is given the handle itself. */
  get [INSTEAD](): string | undefined {
    return undefined
  }
  protected named(kind: string, id: string): string {
    return `${kind} ${id}`
  }
  toJSON(): { readonly kind: string; readonly id: string | null } {
    return { kind: (this.#object ?? (this.#address as HomedAddress)).kind, id: this.#address?.id ?? null }
  }
  [Symbol.for("nodejs.util.inspect.custom")](): object {
    return this.toJSON()
  }
}

/** Registers a class of them under the name, for objects of that kind. Gives what knows them. */
export function registerHomedRef<R extends HomedRef>(
  name: string,
  kind: string,
  Ref: new (object: null, address: HomedAddress) => R,
): (value: unknown) => value is R {
  const is = (value: object): value is R => HomedRef.is(value) && value instanceof Ref
  registerKind<R, HomedAddress>({
    name,
    // it cannot change and names the same object for everybody, so copies on one thread may be the handle itself
    shared: true,
    test: is,
    refuse: HomedRef.refusal,
    take: HomedRef.share,
    fields: { id: isText, home: isNatural, kind: oneOf(kind) },
    allocate: parts => new Ref(null, parts as HomedAddress),
  })
  return (value): value is R => typeof value === "object" && value !== null && is(value)
}

export const isHomed: Fits = value => typeof value === "object" && value !== null && HomedRef.is(value)
