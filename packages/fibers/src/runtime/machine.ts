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
import type { Host } from "./host.ts"

/** Why a step returned SUSPENDED. */
export const YIELD = 1
/** An operation waits; the fiber is parked. */
export const PARK = 2
/** The quantum is over or somebody wants something; the fiber stays ready. */
export const PREEMPT = 3
/** The native stack is deep enough; the run loop continues at once on a flat one. */
export const BOUNCE = 4
export type Signal = typeof YIELD | typeof PARK | typeof PREEMPT | typeof BOUNCE

/** Native nesting of compiled calls that is allowed before the stack unwinds into frames. */
export const NATIVE_DEPTH = 400
/** The depth of computations outside of fibers. A small integer: an infinity would make every comparison one of doubles. */
export const UNLIMITED = 0x3fffffff

export class Machine {
  /** Counts down at function entry and loop back-edges; below zero `poll` looks around. */
  budget = 1000
  /** Frames of the running computation, this one included, from the fiber's start. */
  depth = 0
  /** `depth` above which a call takes the slow path (native depth or the fiber's limit). */
  ceiling = NATIVE_DEPTH
  /** How and with what the frame that is being stepped is resumed. */
  kind: ResumeKind = NEXT
  value: unknown = undefined
  /** Whether the driven computation that a consumer is told of has ended (else it yielded `value`). */
  done = false
  /** Set by whoever starts a suspension. */
  signal: Signal = YIELD
  /** What was yielded; `raw` if it is an iterator result that is to be passed on untouched. */
  out: unknown = undefined
  raw = false
  /**
   * Chain of frames of the suspension under way: youngest and oldest so far. `held` says whether there is one: a flag
   * is cheaper to write than these two, which after a yield are often right already for the next one.
   */
  held = false
  top: Frame | null = null
  tail: Frame | null = null
  topDepth = 0
  /**
   * The innermost computation that runs is the last of these, at `level`. A loop that resumes the same one again and again
   * finds it in its place, and has no pointer to write: that costs as much as the rest of a resumption.
   */
  readonly computations: (Computation | null)[] = [null]
  level = 0
  /** How many entries from native code lie on the stack since the slice began; while above 0 nothing may park. */
  masked = 0
  /** The thread's current fiber; null while ordinary code drives a computation by hand. */
  fiber: FiberState | null = null
  /** Of that fiber; null if it has none. While there are some, no call nests natively. */
  hooks: Hooks | null = null
  /** The variables that asynchronous helpers see at present; see store.ts. */
  store: Variables | null = null
  host: Host | null = null
  /** The innermost computation that runs. */
  get computation(): Computation | null {
    return this.computations[this.level] as Computation | null
  }
  set computation(computation: Computation | null) {
    this.computations[this.level] = computation
  }
}

/** Adds a frame to the suspension under way; compiled code returns what this returns. */
export function hold(m: Machine, frame: Frame): Suspended {
  if (m.held) (m.tail as Frame).caller = frame
  else {
    m.held = true
    m.topDepth = m.depth
    if (m.top !== frame) m.top = frame
  }
  if (m.tail !== frame) m.tail = frame
  return SUSPENDED
}
