/**
 * Owns the registers of a thread: what compiled code, run loop and operations share while a fiber runs.
 *
 * One machine per thread, never moved. Everything in it is either empty between slices or set by the next one.
 */
import {
  type Computation,
  type Frame,
  type Hooks,
  NEXT,
  type ResumeKind,
  SUSPENDED,
  type Suspended,
  type Variables,
} from "@rove/core"
import type { FiberState } from "./fiber.ts"
import type { Homes } from "./homes.ts"
import type { Host } from "./host.ts"
import type { Cut } from "./stacks.ts"
import { ThreadState } from "./thread-state.ts"

/** What is in force for a computation alone, such as variables that it has entered; see region.ts. */
export interface Regions {
  /** It rests at its frame `top`: true if there was anything in force. */
  rest(top: Frame, c: Computation, fiber: FiberState): boolean
  /** It goes on. Throws ROVE_NO_FIBER if there is something to put in force, and no fiber. */
  resume(top: Frame, c: Computation, fiber: FiberState | null): void
}

/** Why a step returned SUSPENDED. */
export const YIELD = 1
/** An operation waits; the fiber is parked. */
export const PARK = 2
/** The quantum is over or somebody wants something; the fiber stays ready. */
export const PREEMPT = 3
/** The native stack is deep enough; the run loop continues at once on a flat one. */
export const BOUNCE = 4
/** The fiber goes on with another of its stacks: `top`, `topDepth` and `innermost` say where. Only a frame that the loop steps says so. */
export const TRANSFER = 5
export type Signal = typeof YIELD | typeof PARK | typeof PREEMPT | typeof BOUNCE | typeof TRANSFER

/** Native nesting of compiled calls that is allowed before the stack unwinds into frames. */
export const NATIVE_DEPTH = 400
/** The depth of computations outside of fibers. A small integer: an infinity would make every comparison one of doubles. */
export const UNLIMITED = 0x3fffffff

export class Machine {
  /** Counts down at function entry and loop back-edges; below zero `poll` looks around. */
  budget = 1000
  /**
   * The clock's word: 0, or above every budget once the slice may be over. What calls something looks at it whenever it counts:
   * a budget is worth as much time as what it was sized by. Another thread writes it, if the host has one for that.
   */
  due: Int32Array = new Int32Array(1)
  /** Frames of the running computation, this one included, from the fiber's start. */
  depth = 0
  /** `depth` above which a call takes the slow path (native depth or the fiber's limit). */
  ceiling = NATIVE_DEPTH
  /** How and with what the frame that is being stepped is resumed. */
  kind: ResumeKind = NEXT
  value: unknown = undefined
  /** Whether the driven computation that a consumer is told of has ended (else it yielded). */
  done = false
  /** Set by whoever starts a suspension. */
  signal: Signal = YIELD
  /**
   * What was yielded; `raw` if it is an iterator result that is to be passed on untouched. Only a delegate sets `raw`,
   * and whoever takes the yield sets it back, so that an ordinary yield need not write it.
   */
  out: unknown = undefined
  raw = false
  /** Whether the frame that the topmost one delegates for has asked the raw result already; see passed-on.ts. */
  asked = false
  /** Whether the outermost frame of what was driven leaves it to the native generator to ask. */
  left = false
  /** The computation that ordinary code tells to return, if that is the innermost such call. */
  told: Computation | null = null
  /** The error on its way out to native frames that lacks lines of them, if one does. */
  cut: Cut | null = null
  /**
   * Chain of frames of the suspension under way: youngest and oldest so far. `held` says whether there is one. While
   * compiled code runs there is none: by that it sees whether what it called stopped. And a step that returns SUSPENDED without one has yielded from the very frame that
   * it was given: then this need not be written at all.
   */
  held = false
  top: Frame | null = null
  tail: Frame | null = null
  topDepth = 0
  /**
   * While a suspension is under way beneath compiled code that drives it: the innermost computation, and the outermost so
   * far, whose driver is yet to be told. Nobody keeps track of which computation runs: on the way out everybody who
   * drives one passes by, so these are written when something stops, and a resumption need not write them.
   */
  innermost: Computation | null = null
  undriven: Computation | null = null
  /** How many entries from native code lie on the stack since the slice began; while above 0 nothing may park. */
  masked = 0
  /** The thread's current fiber; null while ordinary code drives a computation by hand. */
  fiber: FiberState | null = null
  /** Of that fiber; null if it has none. While there are some, no call nests natively. */
  hooks: Hooks | null = null
  /** The variables that asynchronous helpers see at present; see store.ts. */
  store: Variables | null = null
  host: Host | null = null
  /** Whose objects are encoded at present, where that is no host: a pool's. */
  homes: Homes | null = null
  /** Told of each computation that ends, since there are some that outlive their native generator; see outliving.ts. */
  ended: ((c: Computation) => void) | null = null
  /** Asked when a computation comes to rest at a yield, and when it is resumed; null where there are none. */
  regions: Regions | null = null
  /** Asked before `throw` and `return` reach the youngest of several frames; see replaced.ts. */
  replaced: ((c: Computation, kind: ResumeKind) => void) | null = null
  /** What belongs to the thread and never moves. */
  readonly own: ThreadState = new ThreadState()
}

/** Adds a frame to the suspension under way; compiled code returns what this returns. */
export function hold(m: Machine, frame: Frame): Suspended {
  if (m.held && m.tail !== null) m.tail.caller = frame
  else {
    m.held = true
    m.topDepth = m.depth
    m.top = frame
  }
  m.tail = frame
  return SUSPENDED
}

/** A suspension begins that has no frame yet: an operation waits. */
export function stopped(m: Machine): void {
  m.held = true
  m.top = m.tail = null
}

/** The same as `hold` for a yield of an activation that has no frame yet. */
export function yielded<F extends Frame>(m: Machine, frame: F): F {
  m.signal = YIELD
  hold(m, frame)
  return frame
}

/** Whether the iterator result that was passed on ends the iteration of whoever gets it: it is asked again, as natively. */
export function endsHere(m: Machine): boolean {
  m.raw = false
  const { done } = m.out as IteratorResult<unknown>
  m.raw = !done
  return !m.raw
}

/** What was yielded last, out of its iterator result if need be; which is not asked for what is not wanted. */
export function takeOut(m: Machine, wanted: boolean): unknown {
  if (!m.raw) return m.out
  m.raw = false
  return wanted ? (m.out as IteratorResult<unknown>).value : undefined
}
