/**
 * Owns what hosts and homed objects know of each other. A homed object (a channel, a lock) lives on one thread, its home, and is
 * changed there alone; others have handles, which name it by its address and ask for what they want.
 */
import { isList, isText, isTruth, listOf, type NEXT, registerKind, type THROW } from "@rove/core"
import type { Answer, Choice } from "./choice.ts"
import type { Outcome } from "./fiber.ts"
import type { FiberAddress } from "./host.ts"

/** Where an object is: what a handle is in a record. */
export interface HomedAddress {
  readonly id: string
  /** Id of the thread on which it was made. */
  readonly home: number
  readonly kind: string
}

/** How an object answers: with a value, with an error, or that there is nothing; what that means is the operation's. */
export const NOTHING = 4
/** To one who is not patient: it would have to wait. */
export const ABSENT = 5
export type ReplyKind = typeof NEXT | typeof THROW | typeof NOTHING | typeof ABSENT

/** One who waits at an object: settled once, unless it is withdrawn before. The links are those of the queue it is in. */
export interface Party {
  older: Party | null
  newer: Party | null
  /** Whether it is in one: null while it is in none. Written before the links when it comes, and after them when it goes. */
  queue: object | null
  readonly operation: number
  readonly argument: unknown
  /** False: it is settled with ABSENT as soon as it is known that it would have to wait. */
  readonly patient: boolean
  /** If it waits for something else too, it is asked before it is settled with something. */
  readonly choice: Choice<Party> | null
  /** Somebody else is being asked whether it may be settled together with this one, which stays until then. */
  held: boolean
  /** It is not held any more, and was not settled. */
  freed(): void
  settle(kind: ReplyKind, value: unknown): void
}

/** An object at its home. */
export interface Homed {
  readonly kind: string
  /** Others than its own thread may know of it. */
  announced: boolean
  /** Ordinary code made it, and may have other fibers use it. */
  outside: boolean
  /** Of the host that first used it; null until then. */
  homes: Homes | null
  /** Whether the argument of that operation is a value of a fiber: it stays sealed until a fiber of the home takes it. */
  seals(operation: number): boolean
  /** An operation of somebody elsewhere: `party` is settled, or waits until it is. */
  serve(operation: number, argument: unknown, party: Party): void
  /** The party waits until it is settled: for one that has a choice, which is asked before anything happens. */
  enqueue(party: Party): void
  /** The party does not want to wait any longer. */
  withdraw(party: Party): void
  /** That thread is gone, and its fibers have ended with it: `whereabouts` tells of which. */
  bereaved(whereabouts: Whereabouts, thread: number): void
  /** What it is made of, for its new home: portable if `seal` has been applied to values of fibers. Nobody waits there any more. */
  pack(seal: (value: unknown) => unknown): unknown
}

/** Hears when the fiber has ended, and how. */
export type Whereabouts = (fiber: FiberAddress, ended: (outcome: Outcome) => void) => void

/** Who asked for something at another thread, and waits: hears one of the two, once. */
export interface Asker {
  /** As of a party. */
  readonly patient: boolean
  /** The number of its choice, if it waits for something else too. */
  readonly choice: number | null
  told(kind: ReplyKind, value: unknown): void
  withdrawn(): void
  /** Keeps its choice until it is told something, or released. Whoever has none is not asked. */
  hold(answer: Answer): void
  release(): void
}
/** A request at another thread. */
export interface Ask {
  /** Asks to be out of it. Whether that came in time is for the home to say. */
  withdraw(): void
}

/** A value on its way between fibers of other threads, in the form in which it came: it is opened where it is wanted. */
export class Sealed {
  readonly bytes: Uint8Array
  readonly handles: readonly unknown[]
  readonly modules: readonly string[]
  /** It is the error because of which the value could not leave: whoever opens it sees that. */
  readonly #failed: boolean
  constructor({ bytes, handles, modules }: Pick<Sealed, "bytes" | "handles" | "modules">, failed = false) {
    this.bytes = bytes
    this.handles = handles
    this.modules = modules
    this.#failed = failed
  }
  get failed(): boolean {
    return this.#failed
  }
  static is(value: unknown): value is Sealed {
    return typeof value === "object" && value !== null && #failed in value
  }
}

registerKind<Sealed, Pick<Sealed, "bytes" | "handles" | "modules" | "failed">>({
  name: "rove.sealed",
  test: Sealed.is,
  // other records may lie in the same buffer
  fields: { bytes: value => value instanceof Uint8Array, handles: isList, modules: isList, failed: isTruth },
  holds: ({ handles, modules }) => isList(handles) && listOf(isText)(modules),
  take: ({ bytes, handles, modules, failed }) => ({ bytes: new Uint8Array(bytes), handles, modules, failed }),
  allocate: parts => new Sealed(parts as Sealed, parts?.failed),
})

/** The objects of a host, and the way to those of others. */
export interface Homes {
  /** Numbers for the choices of this thread's fibers. */
  nextChoice(): number
  /** From now on others may ask for the object. */
  announce(object: Homed): HomedAddress
  /** The object, if it is here. */
  find(address: HomedAddress): Homed | null
  /** The object has ended: nobody finds it any more. */
  forget(object: Homed): void
  /** Asks its home. Throws, and nothing happens, if the argument is not portable. */
  ask(address: HomedAddress, operation: number, argument: unknown, asker: Asker): Ask
  /** As `ask`, but nobody waits for an answer. */
  tell(address: HomedAddress, operation: number, argument: unknown): void
  /** Decodes a value that came from elsewhere; later, if its modules are not there yet. Never throws. */
  open(sealed: Sealed, then: (kind: ReplyKind, value: unknown) => void): void
}
