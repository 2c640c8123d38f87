/** Owns waiting for the clock. */
import { isNumber, NEXT, RoveError, registerKind, SUSPENDED, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host, Timer } from "../runtime/host.ts"
import { show } from "../runtime/options.ts"
import { machine } from "../runtime/thread.ts"
import type { Alternative, Branch, Waiting } from "./alternative.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayPark, Waiter, type Wakers } from "./waiter.ts"

/** A sleep as one of several waits. */
class SleepBranch implements Waiting {
  readonly #branch: Branch
  readonly #at: number
  readonly #timer: Timer | null
  constructor(branch: Branch, at: number) {
    this.#branch = branch
    this.#at = at
    this.#timer = at === Number.POSITIVE_INFINITY ? null : branch.host.timer(at, this)
  }
  due(): void {
    this.#branch.happened(NEXT, undefined)
  }
  undo(): void {
    this.#timer?.cancel()
  }
  again(): SleepUntil {
    return new SleepUntil(this.#at)
  }
}

/** What all sleeps have in common as branches: they take time, even none. */
abstract class AnySleep extends BaseOperation<void> implements Alternative {
  protected abstract until(host: Host): number
  attempt(): Suspended {
    return SUSPENDED
  }
  wakersOf(): Wakers {
    return "outside"
  }
  isLocal(): boolean {
    return true
  }
  waitAs(branch: Branch): Waiting | null {
    return branch.patient ? new SleepBranch(branch, this.until(branch.host)) : null
  }
}

class Sleep extends AnySleep {
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
  protected override until(host: Host): number {
    return host.now() + this.#ms
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return waitUntil(fiber, host, this.#ms, host.now() + this.#ms)
  }
}

/** Also what is left of a sleep in a record: the clocks of all hosts show the same time. */
class SleepUntil extends AnySleep {
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
  protected override until(): number {
    return this.#at
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return waitUntil(fiber, host, null, this.#at)
  }
}

/** A sleep without end; a program may have a million of them, so it is no more than a waiter. */
class SleepWaiter extends Waiter {
  sleep(): undefined | Suspended {
    checkMayPark(this.host, this)
    return this.park()
  }
  get reason(): string {
    return "sleep of Infinity ms"
  }
  get wakers(): Wakers {
    return "outside"
  }
  override again(): SleepUntil {
    return new SleepUntil(Number.POSITIVE_INFINITY)
  }
}

/** One that ends: what is due is the waiter itself. */
class TimedSleepWaiter extends SleepWaiter {
  /** How long the program wanted to sleep; null if it said until when, or the sleep began elsewhere. */
  readonly #ms: number | null
  readonly #at: number
  #timer: Timer | null = null
  constructor(fiber: FiberState, host: Host, ms: number | null, at: number) {
    super(fiber, host)
    this.#ms = ms
    this.#at = at
  }
  override sleep(): undefined | Suspended {
    checkMayPark(this.host, this)
    this.#timer = this.host.timer(this.#at, this)
    return this.park()
  }
  due(): void {
    this.wake(NEXT, undefined)
  }
  /** As it was said: that a machine was slow to begin makes no sleep of 1 ms brief. */
  get brief(): boolean {
    return this.#ms === null ? this.#at <= this.host.now() : this.#ms <= 0
  }
  override get reason(): string {
    if (this.#ms !== null) return `sleep of ${inWords(this.#ms)} ms`
    return `sleep that ends in ${inWords(Math.max(0, this.#at - this.host.now()))} ms`
  }
  override cancel(): void {
    this.#timer?.cancel()
  }
  override again(): SleepUntil {
    return new SleepUntil(this.#at)
  }
}

/** Milliseconds as people read them: fractions only of a few. */
function inWords(ms: number): number {
  return ms < 10 ? ms : Math.round(ms)
}

function waitUntil(fiber: FiberState, host: Host, ms: number | null, at: number): undefined | Suspended {
  return at === Number.POSITIVE_INFINITY
    ? new SleepWaiter(fiber, host).sleep()
    : new TimedSleepWaiter(fiber, host, ms, at).sleep()
}

registerKind<Sleep, { ms: number }>({
  name: "rove.sleep",
  test: Sleep.isSleep,
  take: Sleep.take,
  fields: { ms: isNumber },
  allocate: parts => new Sleep(milliseconds(parts?.ms, "sleep")),
})
registerKind<SleepUntil, { at: number }>({
  name: "rove.sleepUntil",
  test: SleepUntil.isSleepUntil,
  take: SleepUntil.take,
  fields: { at: isNumber },
  allocate: parts => new SleepUntil(moment(parts?.at, "sleepUntil")),
})

/**
 * Waits that many milliseconds on the host's clock. Zero and negative times let others run first; `Infinity` waits
 * until the fiber is interrupted. Throws ROVE_INVALID_ARGUMENT for what is not a number.
 */
export function sleep(ms: number): Operation<void> {
  return new Sleep(Math.max(0, milliseconds(ms, "sleep")))
}

/**
 * Waits until that moment of the host's clock: a Date, or milliseconds as `now()` gives them. What is past lets others run
 * first. Throws ROVE_INVALID_ARGUMENT for what is no time.
 */
export function sleepUntil(at: number | Date): Operation<void> {
  return new SleepUntil(moment(at, "sleepUntil"))
}

/**
 * Milliseconds on the clock of this thread's host, since 1970 unless it is a virtual one; all threads of a pool have the same.
 * Throws ROVE_NO_THREAD where no host runs fibers.
 */
export function now(): number {
  const { host } = machine
  if (host === null)
    throw new RoveError("ROVE_NO_THREAD", "this thread runs no fibers: now() is the time of their host's clock")
  return host.now()
}

/** Throws, naming who was given it, for what is not a number. */
export function milliseconds(ms: unknown, where: string): number {
  if (typeof ms === "number" && !Number.isNaN(ms)) return ms
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes a number of milliseconds, not ${show(ms)}`)
}

/** The same for a moment. */
export function moment(at: unknown, where: string): number {
  const ms = at instanceof Date ? at.getTime() : at
  if (typeof ms === "number" && !Number.isNaN(ms)) return ms
  const what = `${where} takes a moment, a Date or milliseconds as now() gives them, not ${show(at)}`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}
