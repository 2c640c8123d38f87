/**
 * Owns a computation whose yields leave its fiber: a frame of ours drives it, hands each value to the host, and waits
 * when nobody has room for more. It says how many there were before the fiber ends, whichever way that is.
 */
import {
  atLeast,
  type Closure,
  Computation,
  Frame,
  instance,
  isNatural,
  NEXT,
  type ResumeKind,
  registerKind,
  SUSPENDED,
  type Suspended,
  THROW,
} from "@rove/core"
import { BaseOperation } from "./operations/operation.ts"
import { checkMayPark, Waiter, type Wakers } from "./operations/waiter.ts"
import { unstarted } from "./runtime/admit.ts"
import { delegate } from "./runtime/delegate.ts"
import type { FiberState } from "./runtime/fiber.ts"
import type { Host } from "./runtime/host.ts"
import { hold, type Machine, takeOut } from "./runtime/machine.ts"
import { ownClosure } from "./runtime/own-code.ts"
import { type Advance, ENDED, resume, STOPPED, YIELDED } from "./runtime/run.ts"

/** Stands at the bottom of the fiber. */
class StreamFrame extends Frame {
  inner: Computation
  /** Values that were handed over. */
  count = 0
  /** So many may be handed over until more are asked for. */
  granted: number
  constructor(closure: Closure, inner?: Computation, granted = 0) {
    super(closure)
    this.inner = inner as Computation
    this.granted = granted
  }
}

/** The computation stopped on its way to its next yield. */
const ADVANCING = 0
/** The value was handed over, and there is no room for another. */
const EMITTING = 1
const live = ["inner", "count", "granted"]

const closure = ownClosure({
  name: "stream",
  points: { advance: live, emit: live },
  Frame: StreamFrame,
  fields: { inner: instance(Computation), count: isNatural, granted: atLeast(0) },
  begins: (_, [inner, room]) => instance(Computation)(inner) && atLeast(0)(room),
  step,
})

function step(
  m: Machine,
  frame: StreamFrame | null,
  _self: unknown,
  inner: Computation,
  granted: number,
): unknown | Suspended {
  const { depth } = m
  const f = frame ?? new StreamFrame(closure, inner, granted)
  try {
    let result = frame === null ? resume(m, f.inner, NEXT, undefined, true) : goOn(m, f)
    for (;;) {
      if (result === STOPPED) return stop(m, f, ADVANCING)
      if (result === ENDED) break
      const value = takeOut(m, true)
      m.depth = depth
      let kind: ResumeKind = NEXT
      let sent: unknown
      try {
        sent = delegate(m, new Emit(f.count, value, f.count + 1 >= f.granted))
        f.count++
        if (sent === SUSPENDED) return stop(m, f, EMITTING)
        if (typeof sent === "number") f.granted = sent
        sent = undefined
      } catch (error) {
        kind = THROW
        sent = error
      }
      result = resume(m, f.inner, kind, sent, true)
    }
  } catch (error) {
    m.depth = depth
    tellEnd(m, f.count)
    throw error
  }
  const { value } = m
  m.depth = depth
  tellEnd(m, f.count)
  return value
}

function goOn(m: Machine, f: StreamFrame): Advance {
  const { kind, value } = m
  if (f.pc === ADVANCING) {
    if (kind === THROW) throw value
    return m.done ? ENDED : YIELDED
  }
  if (kind === NEXT) f.granted = value as number
  return resume(m, f.inner, kind, kind === NEXT ? undefined : value, true)
}

function stop(m: Machine, f: StreamFrame, at: number): Suspended {
  f.pc = at
  return hold(m, f)
}

function tellEnd(m: Machine, count: number): void {
  if (m.fiber !== null) m.host?.outlet?.end(m.fiber, count)
}

/** Without an outlet nobody takes what is yielded, and nobody waits. */
const ENDLESS = Number.MAX_SAFE_INTEGER

/** Hands a value over; if it asks, the result says how many there may be, and is waited for. */
class Emit extends BaseOperation<number | undefined> {
  readonly #number: number
  readonly #value: unknown
  readonly #asks: boolean
  constructor(number: number, value: unknown, asks: boolean) {
    super()
    this.#number = number
    this.#value = value
    this.#asks = asks
  }
  perform(fiber: FiberState, host: Host): number | undefined | Suspended {
    const { outlet } = host
    if (outlet === undefined) return ENDLESS
    if (!this.#asks) return void outlet.emit(fiber, this.#number, this.#value, false)
    const waiter = new GrantWaiter(this.#number, fiber, host)
    outlet.emit(fiber, this.#number, this.#value, true)
    return waiter.wait()
  }
}

/** What is left of it in a record: the value has gone already. */
class Granted extends BaseOperation<number> {
  readonly #number: number
  constructor(number: number) {
    super()
    this.#number = number
  }
  static isGranted(value: object): value is Granted {
    return #number in value
  }
  static take(granted: Granted): { number: number } {
    return { number: granted.#number }
  }
  perform(fiber: FiberState, host: Host): number | Suspended {
    if (host.outlet === undefined) return ENDLESS
    const waiter = new GrantWaiter(this.#number, fiber, host)
    host.outlet.ask(fiber, this.#number)
    return waiter.wait()
  }
}

class GrantWaiter extends Waiter {
  readonly #number: number
  readonly #of: FiberState
  constructor(number: number, fiber: FiberState, host: Host) {
    super(fiber, host)
    this.#number = number
    this.#of = fiber
    checkMayPark(host, this)
  }
  get reason(): string {
    return `room for value ${this.#number + 2} of its stream`
  }
  get wakers(): Wakers {
    return "outside"
  }
  wait(): number | Suspended {
    this.host.outlet?.whenGranted(this.#of, upTo => void this.wake(NEXT, upTo))
    return this.park()
  }
  override again(): Granted {
    return new Granted(this.#number)
  }
}

registerKind<Granted, { number: number }>({
  name: "rove.granted",
  test: Granted.isGranted,
  take: Granted.take,
  fields: { number: isNatural },
  allocate: parts => new Granted((parts as { number: number }).number),
})

/**
 * How many values a fiber that was stopped has handed over; from here on it may hand over `room` more before it asks. Null, and nothing
 * changes, for one whose yields do not leave it.
 */
export function streamsOn(fiber: FiberState, room: number): number | null {
  const { root, top } = fiber
  if (root.of.code !== closure.code) return null
  if (top === null) {
    root.args = [root.args?.[0], room]
    return 0
  }
  let oldest = top
  while (oldest.caller !== root) oldest = oldest.caller as Frame
  const stream = oldest as StreamFrame
  stream.granted = stream.count + room
  // it has been told how many there may be, by somebody who reads it no more
  if (stream === top && stream.pc === EMITTING && fiber.resumeKind === NEXT) fiber.resumeValue = stream.granted
  return stream.count
}

/**
 * The computation that runs `computation` and hands what it yields to the host's outlet, `room` values ahead of whoever
 * takes them. Throws as `admit` does for what is no unstarted computation; that one is used up.
 */
export function streamed(
  computation: unknown,
  room: number,
  where: string,
): { readonly outer: Computation; readonly inner: Computation } {
  const inner = unstarted(computation, where)
  return { outer: new Computation(closure, undefined, [inner, room]), inner }
}
