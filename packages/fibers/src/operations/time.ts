/** Owns waiting for the clock. */
import { NEXT, RoveError, registerKind, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { Waiter } from "./waiter.ts"

class Sleep extends BaseOperation<void> {
  readonly #ms: number
  constructor(ms: number) {
    super()
    this.#ms = ms
  }
  static isSleep(value: object): value is Sleep {
    return #ms in value
  }
  static take(sleep: Sleep): { ms: number } {
    return { ms: sleep.#ms }
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return waitUntil(host.now() + this.#ms, `sleep of ${this.#ms} ms`, fiber, host)
  }
}

/** What is left of a sleep in a record: the clocks of all hosts show the same time. */
class SleepUntil extends BaseOperation<void> {
  readonly #at: number
  constructor(at: number) {
    super()
    this.#at = at
  }
  static isSleepUntil(value: object): value is SleepUntil {
    return #at in value
  }
  static take(sleep: SleepUntil): { at: number } {
    return { at: sleep.#at }
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return waitUntil(this.#at, `rest of a sleep: ${Math.max(0, this.#at - host.now())} ms`, fiber, host)
  }
}

class SleepWaiter extends Waiter {
  readonly #at: number
  constructor(at: number, reason: string, fiber: FiberState, host: Host) {
    super(fiber, host, reason, "outside")
    this.#at = at
  }
  override again(): SleepUntil {
    return new SleepUntil(this.#at)
  }
}

function waitUntil(at: number, reason: string, fiber: FiberState, host: Host): undefined | Suspended {
  const waiter = new SleepWaiter(at, reason, fiber, host)
  const timer = host.timer(at, () => waiter.wake(NEXT, undefined))
  return waiter.park(() => timer.cancel())
}

registerKind<Sleep, { ms: number }>({
  name: "rove.sleep",
  test: Sleep.isSleep,
  take: Sleep.take,
  allocate: parts => new Sleep(milliseconds(parts?.ms)),
})
registerKind<SleepUntil, { at: number }>({
  name: "rove.sleepUntil",
  test: SleepUntil.isSleepUntil,
  take: SleepUntil.take,
  allocate: parts => new SleepUntil(milliseconds(parts?.at)),
})

/**
 * Waits that many milliseconds on the host's clock. Zero and negative times let others run first; `Infinity` waits
 * until the fiber is interrupted. Throws ROVE_INVALID_ARGUMENT for what is not a number.
 */
export function sleep(ms: number): Operation<void> {
  return new Sleep(Math.max(0, milliseconds(ms)))
}

function milliseconds(ms: unknown): number {
  if (typeof ms === "number" && !Number.isNaN(ms)) return ms
  throw new RoveError("ROVE_INVALID_ARGUMENT", `sleep takes a number of milliseconds, not ${String(ms)}`)
}
