/** Owns waiting for the first turn of a child: until it has begun it stays on this thread, and so does whoever waits for that. */
import { NEXT, type Suspended } from "@rove/core"
import { FiberState } from "../runtime/fiber.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { BaseOperation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** How often it is looked whether it has begun. */
const EVERY = 1

/** What was spawned here just now, and is unstarted; null if it was not, or has begun already. */
function unstarted(child: Fiber<unknown>): FiberState | null {
  const address = FiberRef.addressOf(child as FiberRef<unknown>)
  return address instanceof FiberState && address.status === "unstarted" ? address : null
}

/** The child was spawned just now: nobody takes it before it has begun. */
export function keepUntilBegun(child: Fiber<unknown>): void {
  const fiber = unstarted(child)
  fiber?.addPin({
    get reason() {
      return fiber.status === "unstarted" ? "whoever has spawned it waits until it has begun" : null
    },
  })
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
  readonly #child: Fiber<unknown>
  #timer: Timer | null = null
  constructor(fiber: FiberState, host: Host, child: Fiber<unknown>) {
    super(fiber, host, `first turn of fiber ${child.id} (${child.name})`)
    this.#child = child
  }
  wait(): undefined | Suspended {
    this.#look()
    return this.park()
  }
  #look(): void {
    this.#timer = this.host.timer(this.host.now() + EVERY, this)
  }
  due(): void {
    if (unstarted(this.#child) === null) this.wake(NEXT, undefined)
    else this.#look()
  }
  override cancel(): void {
    this.#timer?.cancel()
  }
}
