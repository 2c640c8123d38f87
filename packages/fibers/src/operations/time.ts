/** Owns waiting for the clock. */
import { NEXT, RoveError, registerKind, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayPark, Waiter, type Wakers } from "./waiter.ts"

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
    const ms = this.#ms
    const alarm = ms === Number.POSITIVE_INFINITY ? NEVER : { ms, at: host.now() + ms, timer: null }
    return new SleepWaiter(fiber, host, alarm).wait()
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
    return new SleepWaiter(fiber, host, { ms: null, at: this.#at, timer: null }).wait()
  }
}

/** What a sleep without end waits for. */
const NEVER: Alarm = { ms: Number.POSITIVE_INFINITY, at: Number.POSITIVE_INFINITY, timer: null }

interface Alarm {
  /** How long the program wanted to sleep; null for the rest of a sleep that began elsewhere. */
  readonly ms: number | null
  readonly at: number
  timer: Timer | null
}

class SleepWaiter extends Waiter {
  readonly #alarm: Alarm
  constructor(fiber: FiberState, host: Host, alarm: Alarm) {
    super(fiber, host)
    this.#alarm = alarm
    checkMayPark(host, this)
  }
  wait(): undefined | Suspended {
    const alarm = this.#alarm
    if (alarm.at !== Number.POSITIVE_INFINITY) alarm.timer = this.host.timer(alarm.at, () => this.wake(NEXT, undefined))
    return this.park()
  }
  get reason(): string {
    const { ms } = this.#alarm
    if (ms !== null) return `sleep of ${ms} ms`
    return `rest of a sleep: ${Math.max(0, this.#alarm.at - this.host.now())} ms`
  }
  get brief(): boolean {
    return this.#alarm.at <= this.host.now()
  }
  get wakers(): Wakers {
    return "outside"
  }
  override cancel(): void {
    this.#alarm.timer?.cancel()
  }
  override again(): SleepUntil {
    return new SleepUntil(this.#alarm.at)
  }
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
