/**
 * Owns computations that run inside something that is in force for them alone: it is entered before, and left however
 * they end, by a throw, an interrupt or a return from outside too, on whichever thread that happens.
 */
import { type Fields, Frame, isTruth, registerOwnClass, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { delegate } from "./delegate.ts"
import type { FiberState } from "./fiber.ts"
import { hold, type Machine } from "./machine.ts"
import { onlyInFiber } from "./only-in-fiber.ts"
import { ownClosure } from "./own-code.ts"
import { isRestriction, type Restricted, type Restriction } from "./restrictions.ts"
import { machine } from "./thread.ts"

/** What is in force. Portable, as it is in a frame while the computation is stopped. */
export interface Region {
  /** May refuse by throwing; then nothing is entered. */
  enter(fiber: FiberState): void
  leave(fiber: FiberState): void
  /** The computation has handed out a value, and somebody else goes on: it is not in force until that resumes it. */
  rest?(fiber: FiberState): void
  resume?(fiber: FiberState): void
  /** What it forbids, for fibers that come out of a record. */
  readonly forbids?: Restriction
}

const prototypes = new Set<unknown>()

/** Registers a class of them, with what its fields hold: no other object of a record is ever entered or left. */
export function registerRegion(name: string, made: { readonly prototype: Region }, fields: Fields): void {
  prototypes.add(made.prototype)
  registerOwnClass(name, made, fields)
}
function isRegion(value: unknown): boolean {
  return typeof value === "object" && value !== null && prototypes.has(Object.getPrototypeOf(value))
}

class RegionFrame extends Frame {
  region: Region | null = null
  /** It is not in force: its computation rests at a yield. */
  rests = false
}

const closure = ownClosure({
  id: "region",
  name: "run",
  points: { start: [], run: ["region", "rests"] },
  Frame: RegionFrame,
  fields: { region: isRegion, rests: isTruth },
  step,
})

/** Runs `work` (a computation, or anything else that `yield*` takes) inside the region, in the fiber that runs. */
export function within(m: Machine, region: Region, work: unknown): unknown | Suspended {
  const depth = m.depth
  region.enter(m.fiber as FiberState)
  let value: unknown
  m.depth = depth + 1
  try {
    value = delegate(m, work)
  } catch (error) {
    m.depth = depth
    region.leave(m.fiber as FiberState)
    throw error
  }
  m.depth = depth
  if (value === SUSPENDED) {
    const frame = new RegionFrame(closure)
    frame.pc = 1
    frame.region = region
    return hold(m, frame)
  }
  region.leave(m.fiber as FiberState)
  return value
}

/** What ran inside has ended. */
function step(m: Machine, frame: RegionFrame): unknown {
  const { kind, value, fiber } = m
  if (fiber === null) throw onlyInFiber("an operation")
  ;(frame.region as Region).leave(fiber)
  if (kind === THROW) throw value
  return value
}

/** A computation comes to rest at its frame `top`: what is in force for it alone is not, for whoever iterates it. True if there is any. */
function restIn(top: Frame, c: Frame, fiber: FiberState): boolean {
  let found = false
  for (let at: Frame | null = top; at !== c && at !== null; at = at.caller)
    if (at instanceof RegionFrame && at.region?.rest !== undefined) {
      at.region.rest(fiber)
      at.rests = found = true
    }
  return found
}
/** And goes on: the outermost first. */
function resumeIn(top: Frame, c: Frame, fiber: FiberState | null): void {
  const resting: RegionFrame[] = []
  for (let at: Frame | null = top; at !== c && at !== null; at = at.caller)
    if (at instanceof RegionFrame && at.rests) resting.push(at)
  if (resting.length === 0) return
  if (fiber === null) throw onlyInFiber("run")
  for (let frame = resting.pop(); frame !== undefined; frame = resting.pop()) {
    frame.rests = false
    frame.region?.resume?.(fiber)
  }
}
machine.regions = { rest: restIn, resume: resumeIn }

/** What the regions forbid in which a stopped computation is, by its frames down to `root`. */
export function restrictionsOf(top: Frame | null, root: Frame): Restricted | null {
  let found: Restriction[] | null = null
  for (let at = top; at !== null && at !== root; at = at.caller) {
    const kind = at instanceof RegionFrame ? at.region?.forbids : undefined
    if (!isRestriction(kind)) continue
    found ??= []
    found.push(kind)
  }
  return found === null ? null : found.reduceRight<Restricted | null>((outer, kind) => ({ kind, outer }), null)
}
