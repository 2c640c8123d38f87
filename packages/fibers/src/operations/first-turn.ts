/** Owns waiting for the first turn of a child: until it has begun it stays on this thread, and so does whoever waits for that. */
import { NEXT, type Suspended } from "@rove/core"
import { FiberState, type Pin } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { BaseOperation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** What was spawned here just now, and is unstarted; null if it was not, or has begun already. */
function unstarted(child: Fiber<unknown>): FiberState | null {
  const address = FiberRef.addressOf(child as FiberRef<unknown>)
  return address instanceof FiberState && address.status === "unstarted" ? address : null
}

/** Ties it until its first slice begins, and is asked for nothing after that. */
class UntilBegun implements Pin {
  readonly #fiber: FiberState
  readonly #told: () => void
  constructor(fiber: FiberState, told: () => void) {
    this.#fiber = fiber
    this.#told = told
  }
  get reason(): string | null {
    return this.#fiber.status === "unstarted" ? "whoever has spawned it waits until it has begun" : null
  }
  begins(): void {
    this.#fiber.removePin(this)
    this.#told()
  }
}

/** The child was spawned just now: nobody takes it before it has begun. */
export function keepUntilBegun(child: Fiber<unknown>): void {
  const fiber = unstarted(child)
  fiber?.addPin(new UntilBegun(fiber, () => {}))
}

/** Others have their turn, and that child is among them. */
export class FirstTurn extends BaseOperation<void> {
  readonly #child: Fiber<unknown>
  constructor(child: Fiber<unknown>) {
    super()
    this.#child = child
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return new TurnWaiter(fiber, host, this.#child).wait()
  }
}

class TurnWaiter extends LocalWaiter {
  readonly #child: FiberState | null
  #pin: Pin | null = null
  constructor(fiber: FiberState, host: Host, child: Fiber<unknown>) {
    super(fiber, host, `first turn of fiber ${child.id} (${child.name})`)
    this.#child = unstarted(child)
  }
  wait(): undefined | Suspended {
    const child = this.#child
    if (child === null) this.#told()
    else {
      this.#pin = new UntilBegun(child, this.#told)
      child.addPin(this.#pin)
      // one that is interrupted before that ends without a turn
      child.watch(this.#told)
    }
    return this.park()
  }
  readonly #told = (): void => {
    this.cancel()
    this.wake(NEXT, undefined)
  }
  override cancel(): void {
    if (this.#pin !== null) this.#child?.removePin(this.#pin)
    this.#child?.unlisten(this.#told)
  }
}
