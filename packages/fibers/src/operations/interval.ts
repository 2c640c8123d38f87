/** Owns ticks of the clock, as a computation that is iterated: it holds a number and a moment, and goes where its fiber goes. */
import { Frame, isNatural, isNumber, NEXT, RoveError, SUSPENDED, type Suspended, stamp, THROW } from "@rove/core"
import { delegate } from "../runtime/delegate.ts"
import { begin } from "../runtime/generator.ts"
import { hold, type Machine, yielded } from "../runtime/machine.ts"
import { ownClosure } from "../runtime/own-code.ts"
import type { Resumable } from "../types.ts"
import { milliseconds, sleepUntil } from "./time.ts"

class IntervalFrame extends Frame {
  ms = 0
  /** When it was first asked, and the tick that it gave last or waits for. */
  start = 0
  tick = 0
}

const TICKED = 0
const WAITING = 1
const live = ["ms", "start", "tick"]

const closure = ownClosure({
  name: "interval",
  points: { tick: live, wait: live },
  Frame: IntervalFrame,
  fields: { ms: isPeriod, start: isNumber, tick: isNatural },
  begins: (_, [ms]) => isPeriod(ms),
  step,
})

function isPeriod(ms: unknown): boolean {
  return typeof ms === "number" && ms > 0
}

function* ticks(ms: number): Resumable<never, number> {
  return yield* begin(closure, undefined, [ms]) as Resumable<never, number>
}
stamp(ticks, closure)
stamp(ticks.prototype as object, closure)
closure.fn = ticks

function step(m: Machine, frame: IntervalFrame | null, _self: unknown, ms: number): unknown | Suspended {
  const f = frame ?? first(m, ms)
  if (frame !== null && m.kind !== NEXT) {
    if (m.kind === THROW) throw m.value
    return m.value
  }
  if (f.pc === TICKED || frame === null) {
    const { depth } = m
    f.tick = following(f, m.host?.now() ?? 0)
    m.depth = depth + 1
    const waited = delegate(m, sleepUntil(f.start + f.tick * f.ms))
    m.depth = depth
    f.pc = WAITING
    if (waited === SUSPENDED) return hold(m, f)
  }
  f.pc = TICKED
  m.out = f.tick
  yielded(m, f)
  return SUSPENDED
}

function first(m: Machine, ms: number): IntervalFrame {
  const frame = new IntervalFrame(closure)
  frame.ms = ms
  frame.start = m.host?.now() ?? 0
  return frame
}

/** The next one that is still to come: those that were missed are left out. */
function following({ ms, start, tick }: IntervalFrame, now: number): number {
  return Math.max(tick + 1, Math.ceil((now - start) / ms))
}

/**
 * Ticks of the host's clock, for `for (const tick of interval(ms))`: tick n, counted from 1, comes n times `ms` milliseconds
 * after the first was asked for, however long the loop's body takes. Ticks that come while it runs are left out, which their
 * numbers show. Throws ROVE_INVALID_ARGUMENT for what is no number above 0.
 */
export function interval(ms: number): Resumable<never, number> {
  if (milliseconds(ms, "interval") > 0) return ticks(ms)
  throw new RoveError("ROVE_INVALID_ARGUMENT", `interval takes a number of milliseconds above 0, not ${ms}`)
}
