/**
 * Owns computations in records. What one that rests says of itself is checked here, since it may lie in any value; what runs
 * is part of a fiber, whose `restore` looks at that.
 */
import type { Closure } from "../../code.ts"
import { Computation, type ComputationStatus, RESTING, RUNNING, UNSTARTED } from "../../computation.ts"
import type { Frame } from "../../frame.ts"
import type { Decoder } from "../decoder.ts"
import { RecordError } from "../errors.ts"
import { isList, isNatural } from "../fits.ts"
import { T_COMPUTATION } from "../format.ts"
import type { Row } from "../plan.ts"

type Fields = Record<string, unknown>

const COMPUTATION_FIELDS = ["self", "args", "top", "height", "baseDepth", "driver", "returning", "caller"] as const

/** Beside the status in the first byte: what most computations do not have takes a bit each. */
const STATUS = 3
/** It has begun: what it begins with was dropped. */
const BEGUN = 4
const NO_TOP = 8
/** It counts no frames of its own, and stands on none. */
const FLAT = 16
/** Nobody drives it, nothing waits for its end. */
const ALONE = 32

function usualOf({ self, args, top, height, baseDepth, driver, returning, caller }: Computation): number {
  return (
    (self === undefined && args === null ? BEGUN : 0) |
    (top === null ? NO_TOP : 0) |
    (height === 0 && baseDepth === 0 ? FLAT : 0) |
    (driver === null && returning === null && caller === null ? ALONE : 0)
  )
}

export const COMPUTATION: Row = {
  tag: T_COMPUTATION,
  flags: 0,
  announce: (encoder, plan) => encoder.closure((plan.value as Computation).of),
  describe(encoder, plan) {
    const computation = plan.value as Computation
    const usual = usualOf(computation)
    encoder.out.byte(computation.status | usual)
    if ((usual & BEGUN) === 0) {
      encoder.value(computation.self)
      encoder.value(computation.args)
    }
    if ((usual & NO_TOP) === 0) encoder.frame(computation.top)
    if ((usual & FLAT) === 0) {
      encoder.number(computation.height)
      encoder.number(computation.baseDepth)
    }
    if ((usual & ALONE) !== 0) return
    encoder.frame(computation.driver)
    encoder.frame(computation.returning)
    encoder.frame(computation.caller)
  },
  allocate(decoder) {
    const closure = decoder.closure()
    if (closure.Frame === null) decoder.in.fail(`${closure.code.id} is no generator`)
    return new Computation(closure, undefined, null)
  },
  fill(decoder, plan) {
    const from = decoder.in.position
    const computation = plan.value as Computation
    const usual = decoder.in.byte()
    if (usual > (STATUS | BEGUN | NO_TOP | FLAT | ALONE)) throw new RecordError(from, "not a status of a computation")
    computation.status = (usual & STATUS) as ComputationStatus
    if ((usual & BEGUN) === 0) {
      computation.self = decoder.value()
      const args = decoder.value()
      if (args !== null && !Array.isArray(args)) throw new RecordError(from, "not the arguments of a computation")
      computation.args = args as readonly unknown[] | null
    }
    if ((usual & NO_TOP) === 0) computation.top = decoder.frameOrNull()
    if ((usual & FLAT) === 0) {
      computation.height = decoder.number()
      computation.baseDepth = decoder.number()
    }
    if ((usual & ALONE) === 0) fillRest(decoder, computation, from)
    if (!decoder.isForeign) decoder.after.check(check, computation, from)
  },
  copy: (cloner, plan) => new Computation(cloner.value((plan.value as Computation).of) as Closure, undefined, null),
  complete(cloner, plan, to) {
    const from = plan.value as Computation
    ;(to as Computation).status = from.status
    for (const field of COMPUTATION_FIELDS) (to as Fields)[field] = cloner.value(from[field])
  },
}

/** Reads who drives it and what waits for its end. */
function fillRest(decoder: Decoder, computation: Computation, from: number): void {
  const driver = decoder.frameOrNull()
  if (driver !== null && !(driver instanceof Computation))
    throw new RecordError(from, "not the driver of a computation")
  computation.driver = driver
  computation.returning = decoder.frameOrNull()
  computation.caller = decoder.frameOrNull()
}

/** Refuses a computation that is in no state in which one can be. */
function check(computation: Computation, offset: number): void {
  const wrong = wrongIn(computation)
  if (wrong !== null) throw new RecordError(offset, `a computation of ${computation.of.code.id} ${wrong}`)
}

function wrongIn(c: Computation): string | null {
  const { status, args, top, height, baseDepth, self, of } = c
  if (!isNatural(height) || !isNatural(baseDepth)) return "is as deep as none can be"
  // the root of a fiber that runs keeps the fiber's youngest frame
  if (status !== RUNNING && (top !== null) !== (status === RESTING)) return "does not stand where it says"
  if (status === UNSTARTED && args === null) return "has not begun, and has no arguments to begin with"
  if (args !== null) {
    // one that is a fiber's counts as one that runs, before it begins too
    if (status > RUNNING || status === RESTING || c.caller !== null) return "has begun, and has still its arguments"
    if (!isList(args) || of.code.begins?.(self, args) === false) return "cannot begin with its arguments"
  }
  if (status !== RUNNING && (c.caller !== null || c.driver !== null || c.returning !== null))
    return "does not run, and has somebody who drives it"
  return status === RESTING ? wrongRest(top as Frame, c, height) : null
}

/** A computation rests at a yield of its own: all its frames are there, and nothing else is between them. */
function wrongRest(top: Frame, c: Computation, height: number): string | null {
  let left = height
  for (let at: Frame | null = top; at !== c; at = at.caller) {
    if (at === null || at instanceof Computation || left === 0) return "has frames that are not its own"
    if (isUnbegun(at)) return `has a frame of ${at.closure.code.id} that has not begun`
    left--
  }
  return left === 0 ? null : "has not as many frames as it says"
}

/** Whether a frame has not begun. Our own functions have no place before the first, nor have computations any. */
function isUnbegun(frame: Frame): boolean {
  return frame.pc === 0 && !(frame instanceof Computation) && frame.closure.code.fields === undefined
}
