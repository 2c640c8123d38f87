/**
 * Owns computations that run inside something that is in force for them alone: it is entered before, and left however
 * they end, by a throw, an interrupt or a return from outside too, on whichever thread that happens.
 */
import { Closure, type Context, defineCode, Frame, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { delegate } from "./delegate.ts"
import type { FiberState } from "./fiber.ts"
import { hold, type Machine } from "./machine.ts"

/** What is in force. Portable, as it is in a frame while the computation is stopped. */
export interface Region {
  /** May refuse by throwing; then nothing is entered. */
  enter(context: Context): void
  leave(context: Context): void
}

class RegionFrame extends Frame {
  region: Region | null = null
}

const code = defineCode({
  id: "rove#region",
  hash: "1",
  name: "run",
  url: "",
  kind: "generator",
  points: [
    { id: "start", path: [], line: 0, column: 0, live: [], handled: [] },
    { id: "run", path: [], line: 0, column: 0, live: ["region"], handled: [] },
  ],
  captures: [],
  Frame: RegionFrame,
  make: null,
})
const closure = new Closure(code, step as never, step as never, [])
code.single = closure

/** Runs `work` (a computation, or anything else that `yield*` takes) inside the region, in the fiber that runs. */
export function within(m: Machine, region: Region, work: unknown): unknown | Suspended {
  const depth = m.depth
  region.enter(contextOf(m))
  let value: unknown
  m.depth = depth + 1
  try {
    value = delegate(m, work)
  } catch (error) {
    m.depth = depth
    region.leave(contextOf(m))
    throw error
  }
  m.depth = depth
  if (value === SUSPENDED) {
    const frame = new RegionFrame(closure)
    frame.pc = 1
    frame.region = region
    return hold(m, frame)
  }
  region.leave(contextOf(m))
  return value
}

/** What ran inside has ended. */
function step(m: Machine, frame: RegionFrame): unknown {
  const { kind, value } = m
  ;(frame.region as Region).leave(contextOf(m))
  if (kind === THROW) throw value
  return value
}

function contextOf(m: Machine): Context {
  return (m.fiber as FiberState).ownContext()
}
