/** Owns the entry from native code: what `next`, `return` and `throw` of a generator object do to its computation. */
import { type Computation, NEXT, RETURN, type ResumeKind, UNSTARTED } from "@rove/core"
import { FRAMED } from "./events.ts"
import { min } from "./intrinsics.ts"
import { type Machine, NATIVE_DEPTH } from "./machine.ts"
import { passedOn } from "./passed-on.ts"
import { limitOf } from "./recursion.ts"
import { type Advance, advance, ENDED, resume } from "./run.ts"
import { withCallers, withCutOff } from "./stacks.ts"
import { machine } from "./thread.ts"

/** Native nesting that is left at least for a computation that native code drives. */
const ROOM = 200

/**
 * Entry from native code: preemption and parking are masked, and the registers that compiled code keeps while it calls
 * are restored on the way out, throws included. (Depth and level are restored by what is called here; the others mean
 * something only in the moment in which a step ends or begins, when no code of the program runs.)
 */
export function drive(c: Computation, kind: ResumeKind, value: unknown): IteratorResult<unknown> {
  const m = machine
  const { budget, ceiling } = m
  const begun = c.status === UNSTARTED
  m.masked++
  m.cut = null
  if (m.hooks !== null) m.ceiling = FRAMED
  else if (ceiling - m.depth < ROOM) m.ceiling = min(m.depth + NATIVE_DEPTH, limitOf(m))
  try {
    const result =
      kind === NEXT
        ? advance(m, c, value, false)
        : kind === RETURN
          ? close(m, c, value)
          : resume(m, c, kind, value, false)
    if (result === ENDED) return { value: m.value, done: true }
    if (!m.raw) return { value: m.out, done: false }
    m.raw = false
    return (m.left ? m.out : passedOn(m.out as object)) as IteratorResult<unknown>
  } catch (error) {
    withCallers(error, begun)
    withCutOff(m, error, 1)
    throw error
  } finally {
    m.masked--
    m.ceiling = ceiling
    if (m.budget > budget) m.budget = budget // polls that were masked refilled it
    m.value = m.out = undefined
  }
}

/** `return`: a result that comes through is told from those of `next`, since the native generator ends by one that is done. */
function close(m: Machine, c: Computation, value: unknown): Advance {
  const { told } = m
  m.told = c
  try {
    return resume(m, c, RETURN, value, false)
  } finally {
    m.told = told
  }
}
