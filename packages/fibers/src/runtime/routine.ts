/**
 * Owns operations of several steps: an object says what is performed next, and a frame of ours performs it. The object
 * is all that there is of it while it is stopped, so it goes wherever its fiber goes.
 */
import {
  type Fields,
  Frame,
  NEXT,
  type OwnOptions,
  type ResumeKind,
  registerOwnClass,
  SUSPENDED,
  type Suspended,
  THROW,
} from "@rove/core"
import { delegate } from "./delegate.ts"
import type { FiberState } from "./fiber.ts"
import type { Host } from "./host.ts"
import { hold, type Machine } from "./machine.ts"
import { onlyInFiber } from "./only-in-fiber.ts"
import { ownClosure } from "./own-code.ts"
import { withNative } from "./stacks.ts"

/** There is nothing left to do: `result` is what it gives. */
export const OVER: unique symbol = Symbol("rove.over")

/** Of a registered class, whose fields are portable. */
export interface Routine {
  /**
   * What is to be performed next (anything that `yield*` takes), or OVER. It is resumed like a generator, with how what
   * it asked for last has ended; what it throws is its end.
   */
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown
  readonly result: unknown
}

const prototypes = new Set<unknown>()

/** Registers a class of them, with what its fields hold: no other object of a record is ever asked what is next. */
export function registerRoutine(
  name: string,
  made: { readonly prototype: Routine },
  fields: Fields,
  options?: OwnOptions,
): void {
  prototypes.add(made.prototype)
  registerOwnClass(name, made, fields, options)
}
/** Whether it is of a registered class, itself and not by way of another. */
export function isRoutine(value: unknown): value is Routine {
  return typeof value === "object" && value !== null && prototypes.has(Object.getPrototypeOf(value))
}

class RoutineFrame extends Frame {
  routine: Routine | null = null
}

const closure = ownClosure({
  id: "routine",
  name: "operation",
  points: { start: [], next: ["routine"] },
  Frame: RoutineFrame,
  fields: { routine: isRoutine },
  step,
})

/** A frame in which the routine goes on. */
export function routineFrame(routine: Routine): Frame {
  const frame = new RoutineFrame(closure)
  frame.pc = 1
  frame.routine = routine
  return frame
}

/** Begins it, in the fiber that runs; an operation performs nothing else than this. */
export function follow(m: Machine, routine: Routine): unknown | Suspended {
  return go(m, routine, null, NEXT, undefined)
}

function step(m: Machine, frame: RoutineFrame): unknown | Suspended {
  return go(m, frame.routine as Routine, frame, m.kind, m.value)
}

function go(m: Machine, routine: Routine, frame: Frame | null, kind: ResumeKind, value: unknown): unknown | Suspended {
  const { depth, fiber, host } = m
  if (fiber === null || host === null) throw onlyInFiber("an operation")
  let how = kind
  let given = value
  for (;;) {
    const task = frame === null ? first(routine, fiber, host, how, given) : routine.next(fiber, host, how, given)
    if (task === OVER) return routine.result
    m.depth = depth + 1
    how = NEXT
    try {
      given = delegate(m, task)
    } catch (error) {
      how = THROW
      given = error
    }
    m.depth = depth
    if (given === SUSPENDED) return hold(m, frame ?? routineFrame(routine))
  }
}

/** As `next`, while those who asked for it are on the native stack: an error that shows none of them is given them. */
function first(routine: Routine, fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
  try {
    return routine.next(fiber, host, kind, value)
  } catch (error) {
    withNative(error)
    throw error
  }
}
