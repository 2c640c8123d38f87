/** Owns the handle of a fiber: what others hold of it. Plain data (id, name, home), so it can be handed to anybody. */
import { type Fits, isNatural, isText, RecordError, RoveError, registerKind } from "@rove/core"
import { FiberState } from "../runtime/fiber.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { INSTEAD } from "../runtime/instead.ts"
import { joiner } from "../runtime/spawner.ts"
import { machine } from "../runtime/thread.ts"
import { Interrupt, type Interruption } from "./interrupt.ts"
import { Join } from "./join.ts"
import type { Operation } from "./operation.ts"

/** A fiber, seen from outside. */
export interface Fiber<out R> extends AsyncDisposable {
  readonly id: string
  readonly name: string
  /** Waits for the fiber's end and gives a clone of its result; throws a clone of its error, or FiberInterrupted. */
  join(): Operation<R>
  /**
   * Asks the fiber to end: FiberInterrupted is thrown where it stands, at its next check. Does not wait for the end, but
   * says what became of it: "delivered" (the fiber has this or an earlier interrupt), "too late" (it had ended),
   * "unknown" (nothing is known of it), or "sent" (it is elsewhere, and native code on the stack here forbids to wait).
   */
  interrupt(reason?: unknown): Operation<Interruption>
}

export class FiberRef<R> implements Fiber<R>, FiberAddress {
  /** The fiber itself where this handle was made: saves looking it up. The address in a handle that came from elsewhere. */
  readonly #address: FiberAddress
  readonly #host: Host | null = machine.host
  constructor(address: FiberAddress) {
    this.#address = address
  }
  get id(): string {
    return this.#address.id
  }
  get name(): string {
    return this.#address.name
  }
  get home(): number {
    return this.#address.home
  }
  /** Asks nothing of the object itself, which may be a proxy. */
  static is(value: object): boolean {
    return #address in value
  }
  /** The best that is known here of where the fiber is. */
  static addressOf(ref: FiberRef<unknown>): FiberAddress {
    return ref.#address
  }
  /** What a record holds of a handle. From now on the fiber may be joined from elsewhere, so its host is told. */
  static share(ref: FiberRef<unknown>): FiberAddress {
    const address = ref.#address
    if (address instanceof FiberState) ref.#host?.shared(address)
    return { id: address.id, name: address.name, home: address.home }
  }
  join(): Operation<R> {
    return FiberRef.joinOf(this)
  }
  static joinOf<R>(ref: FiberRef<R>): Operation<R> {
    const address = ref.#address
    return new Join<R>(ref, address instanceof FiberState ? address : null)
  }
  interrupt(reason?: unknown): Operation<Interruption> {
    return new Interrupt(this.#address, reason)
  }
  get [INSTEAD](): string {
    return "it is the handle of a fiber, and yield* handle.join() waits for its result"
  }
  /** For who looks at it or writes it down. */
  toJSON(): FiberAddress {
    return { id: this.id, name: this.name, home: this.home }
  }
  [Symbol.for("nodejs.util.inspect.custom")](): FiberAddress {
    return this.toJSON()
  }
  /** Interrupts the fiber and waits for its end; for ordinary asynchronous code. */
  async [Symbol.asyncDispose](): Promise<void> {
    const host = this.#host
    if (host === null)
      throw new RoveError("ROVE_NO_FIBER", `fiber ${this.id} cannot be disposed on a thread that runs no fibers`)
    const address = this.#address
    host.interrupt(address, "its handle was disposed")
    await new Promise<void>(resolve => host.whenDone(address, () => resolve()))
  }
}

joiner.fn = FiberRef.prototype.join
joiner.make = handle => FiberRef.joinOf(handle as FiberRef<unknown>)

export const isFiber: Fits = value => typeof value === "object" && value !== null && FiberRef.is(value)

registerKind<FiberRef<unknown>, FiberAddress>({
  name: "rove.fiber",
  // it cannot change and names the same fiber for everybody, so copies on one thread may be the handle itself
  shared: true,
  test: FiberRef.is,
  take: FiberRef.share,
  fields: { id: isText, name: isText, home: isNatural },
  allocate: parts => new FiberRef(parts as FiberAddress),
})

registerKind<Join<unknown>, { target: FiberAddress }>({
  name: "rove.join",
  test: Join.isJoin,
  take: Join.take,
  fields: { target: isFiber },
  // as the handle would make it: a copy on one thread knows the fiber itself, which its home need not have heard of
  allocate(parts) {
    const target = parts?.target
    if (target === undefined || !FiberRef.is(target)) throw new RecordError(0, "a join of what is no fiber")
    return (target as FiberRef<unknown>).join() as Join<unknown>
  },
})
