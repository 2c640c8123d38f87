/**
 * Owns a fiber for the tests that is driven like a generator: it stops at each n-th check (function entry, loop
 * back-edge), is handed out there, and goes on as what comes back.
 */
import { type Computation, Context, type Frame, NEXT, RETURN, type ResumeKind, THROW } from "@rove/core"
import { computationOf, FiberState, type Host, machine } from "@rove/fibers/scheduling"
import { ENDED, loop, resume, STOPPED } from "../../packages/fibers/src/runtime/run.ts"

/** What a stopped fiber consists of. */
export interface Stopped {
  readonly root: Computation
  /** Null at a yield. */
  readonly fiber: FiberState | null
  /** What it yielded, which the driver may send back. */
  readonly given?: unknown
}

export interface StepperOptions {
  /** Checks between stops. */
  readonly budget?: number
  /** Native nesting before the stack unwinds. */
  readonly allowance?: number
  readonly stop?: (stopped: Stopped) => Stopped
}

export class Stepper {
  stops = 0
  #root: Computation
  /** Where it stopped last; a second stop at the same place lets one check pass, since a check may stand in front of its loop. */
  #place = ""
  #pass = false
  readonly #budget: number
  readonly #allowance: number
  readonly #stop: (stopped: Stopped) => Stopped
  constructor(generator: unknown, { budget = 0, allowance = 3, stop = s => s }: StepperOptions = {}) {
    const computation = computationOf(generator)
    if (computation === null) throw new Error("only compiled generators are stepped")
    this.#root = computation
    this.#budget = budget
    this.#allowance = allowance
    this.#stop = stop
  }

  next(value: unknown): IteratorResult<unknown> {
    return this.#advance(NEXT, value)
  }
  throw(value: unknown): IteratorResult<unknown> {
    return this.#advance(THROW, value)
  }
  return(value: unknown): IteratorResult<unknown> {
    return this.#advance(RETURN, value)
  }

  #advance(kind: ResumeKind, sent: unknown): IteratorResult<unknown> {
    const m = machine
    const outer = { ...m }
    const rung = m.due[0] as number
    let fiber = this.#fiber()
    this.#enter(fiber)
    try {
      let result = resume(m, this.#root, kind, sent, false)
      while (result === STOPPED) {
        fiber.top = m.top
        fiber.topDepth = m.topDepth
        fiber.inner = m.innermost
        fiber.status = "ready"
        this.stops++
        this.#look(m.top as Frame)
        fiber = this.#stop({ root: this.#root, fiber }).fiber as FiberState
        this.#root = fiber.root
        this.#enter(fiber)
        const inner = fiber.inner ?? fiber.root
        m.kind = NEXT
        m.value = undefined
        m.depth = fiber.topDepth
        result = loop(m, fiber.root, inner, fiber.top)
      }
      if (result === ENDED) return { value: m.value, done: true }
      const value = m.raw ? (m.out as IteratorResult<unknown>).value : m.out
      const { root, given } = this.#stop({ root: this.#root, fiber: null, given: value })
      this.#root = root
      return { value: given, done: false }
    } finally {
      Object.assign(m, outer)
      m.due[0] = rung
    }
  }

  #look({ closure, pc }: Frame): void {
    const place = `${closure.code.id} ${pc}`
    this.#pass = place === this.#place
    this.#place = this.#pass ? "" : place
  }

  #fiber(): FiberState {
    const fiber = new FiberState("1", "test", 0, this.#root, new Context())
    fiber.status = "running"
    return fiber
  }

  #enter(fiber: FiberState): void {
    const m = machine
    m.fiber = fiber
    fiber.status = "running"
    m.host = {
      poll: () => {
        this.#refill()
        const stops = !this.#pass
        this.#pass = false
        return stops
      },
    } as unknown as Host
    m.masked = 0
    m.depth = 0
    this.#refill()
    m.ceiling = (fiber.top === null ? 0 : fiber.topDepth) + this.#allowance
  }

  /** Without a budget the slice is over at once: loops that have patience with calls stop as well. */
  #refill(): void {
    machine.budget = this.#budget
    if (this.#budget === 0) machine.due[0] = 0x7fffffff
  }
}
