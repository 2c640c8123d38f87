/**
 * Owns iteration over a generator object of compiled code: its computation runs as part of the fiber and may stop it.
 *
 * `next` is the hot path of every loop over a generator. It is `advance` of the run loop once more, because a call
 * between the two would cost as much as either.
 */
import { type Computation, NEXT, RESTING, RETURN, RUNNING, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { closeBy } from "./delegate.ts"
import { type Closed, Cursor, type More } from "./iteration.ts"
import { endsHere, type Machine, takeOut } from "./machine.ts"
import { isReturn } from "./outliving.ts"
import { type Advance, type AnyStep, ENDED, failed, passed, resume, STOPPED, YIELDED } from "./run.ts"

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const next = NEXT
const resting = RESTING
const running = RUNNING
const suspended: Suspended = SUSPENDED

export class ComputationCursor extends Cursor {
  iterator: Iterator<unknown>
  computation: Computation
  waiting = false
  constructor(iterator: Iterator<unknown>, computation: Computation) {
    super()
    this.iterator = iterator
    this.computation = computation
  }
  next(m: Machine, wanted = true): More {
    const c = this.computation
    const step = c.step as AnyStep | null
    if (step === null || c.status !== resting || m.hooks !== null) return this.begin(m, wanted)
    const { depth } = m
    c.status = running
    m.kind = next
    m.value = undefined
    m.depth = depth + c.height
    let result: unknown
    try {
      result = step(m, c.top, undefined)
    } catch (error) {
      return this.came(m, failed(m, c, true, depth, error), wanted)
    }
    if (result !== suspended || m.held) return this.came(m, passed(m, c, true, depth, result), wanted)
    c.status = resting
    m.depth = depth
    this.value = m.out
    return true
  }
  // the same function: a call between the two would cost as much as either
  declare more: (m: Machine) => More
  static {
    ComputationCursor.prototype.more = ComputationCursor.prototype.next
  }
  close(m: Machine): Closed {
    if (!this.waiting) {
      const method = this.iterator.return
      if (!isReturn(method)) {
        closeBy(this.iterator, method)
        return undefined
      }
    }
    const result = this.waiting ? this.arrived(m) : resume(m, this.computation, RETURN, undefined, true)
    if (result === YIELDED) m.raw = false // whatever it yields instead of ending, nobody wants it
    this.waiting = result === STOPPED
    return this.waiting ? SUSPENDED : undefined
  }
  // none of these has a private name: a cursor that was decoded was not constructed
  /** It has not begun, has ended, or has stopped on the way. */
  private begin(m: Machine, wanted: boolean): More {
    return this.came(m, this.waiting ? this.arrived(m) : resume(m, this.computation, NEXT, undefined, true), wanted)
  }
  private came(m: Machine, result: Advance, wanted: boolean): More {
    if (result === YIELDED && (!m.raw || !endsHere(m))) {
      this.value = takeOut(m, wanted)
      return true
    }
    this.waiting = result === STOPPED
    if (this.waiting) return SUSPENDED
    this.value = undefined
    return false
  }
  /** The resumption that had stopped has come to its end. */
  private arrived(m: Machine): Advance {
    this.waiting = false
    if (m.kind === THROW) throw m.value
    return m.done ? ENDED : YIELDED
  }
}
