/**
 * Owns a stopped fiber as a record and back: `save` and `restore` are mirror images, concern by concern.
 *
 * A record shares its parts with the fiber that was saved; bytes or a clone of it are what makes two of one.
 */
import {
  AGAIN,
  type ChangePolicy,
  Computation,
  Context,
  FiberInterrupted,
  FiberRecord,
  Frame,
  invariant,
  isNatural,
  isText,
  NEXT,
  NotPortableError,
  RECORD_VERSION,
  RecordError,
  type ResumeKind,
  RoveError,
  RUNNING,
  StoppedFiber,
  withdraw,
} from "@rove/core"
import { FiberState } from "./fiber.ts"
import { refresh } from "./interruption.ts"
import { asLifetime, Lifetime } from "./lifetime.ts"
import { Performable } from "./performable.ts"
import { restrictionsOf } from "./region.ts"
import { wrongContext, wrongFrames } from "./sound.ts"

/** The fiber as data, if it has not begun or is ready. Refused, and nothing changes, if it is tied to its thread. */
export function save(fiber: FiberState): StoppedFiber {
  const { status } = fiber
  if (status !== "unstarted" && status !== "ready")
    invariant(false, "save", `only unstarted and ready fibers are saved, not ${status} ones`)
  checkMayLeave(fiber)
  return stopped(fiber, status)
}

function checkMayLeave(fiber: FiberState): void {
  const { tied } = fiber
  if (tied !== null) throw new NotPortableError(`fiber ${fiber.id}`, `it is pinned: ${tied}`, fiber)
}

/** As `save` of a fiber that may also be parked: it will wait again where it goes on. Null if only this thread can wait for that. */
export function saveParked(fiber: FiberState): StoppedFiber | null {
  if (fiber.status !== "parked") return save(fiber)
  const operation = fiber.park?.again() ?? null
  if (operation === null) return null
  checkMayLeave(fiber)
  const record = stopped(fiber, "ready")
  record.resumeKind = AGAIN
  record.resumeValue = operation
  return record
}

/**
 * Whether the fiber waits for the end of others, or is about to: "begun" if it is parked there and hears of them, "to come" if it
 * has yet to ask for them, as what was a record has. Null for all others.
 */
export function waitForEnds({ status, park, resumeKind, resumeValue }: FiberState): "begun" | "to come" | null {
  const operation = status === "parked" ? park?.again() : resumeKind === AGAIN ? resumeValue : null
  if (!isOperation(operation) || !operation.awaitsEnds) return null
  return status === "parked" ? "begun" : "to come"
}

/**
 * Ends the wait of a parked fiber so that it begins anew wherever the fiber goes on: it is ready then, and the caller's. False, and
 * nothing changes, if only this thread can wait for that, or the fiber cannot leave it.
 */
export function waitAgainElsewhere(fiber: FiberState): boolean {
  const operation =
    fiber.status === "parked" && fiber.tied === null && fiber.underway === null ? (fiber.park?.again() ?? null) : null
  if (operation === null || !withdraw(fiber)) return false
  fiber.resumeKind = AGAIN
  fiber.resumeValue = operation
  return true
}

/** Its parts as data, whatever they are: to be looked at, or encoded. */
export function stopped(fiber: FiberState, status: StoppedFiber["status"]): StoppedFiber {
  const { id, name, home, root, context, pinned } = fiber
  const record = new StoppedFiber()
  Object.assign(record, { id, name, home, status, root, context, pinned })
  saveFrames(fiber, record)
  saveResumption(fiber, record)
  return record
}

/** What is in a record, for `resume`. Throws ROVE_INVALID_ARGUMENT for anything else, such as its bytes, and what `FiberRecord.open` throws. */
export function opened(record: unknown, changed: ChangePolicy | undefined, where: string): StoppedFiber {
  if (record instanceof FiberRecord) return record.open(changed)
  const what = `${where} takes a FiberRecord: new FiberRecord(bytes) makes one of the bytes that were stored`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}

/**
 * The fiber of a record, with the status that it had; at another home if that is said. Fails with
 * RecordError if the record does not hold together.
 */
export function restore(record: unknown, place: { readonly home?: number } = {}): FiberState {
  if (!(record instanceof StoppedFiber)) refuse("this is not the record of a fiber")
  if (record.version !== RECORD_VERSION) refuse(`this is a record of version ${record.version}, not ${RECORD_VERSION}`)
  if (record.spent)
    throw new RoveError("ROVE_COMPUTATION_USED", `fiber ${record.id} was resumed from this already: resume its bytes`)
  const { id, name, home, status, root, context } = record
  check(isText(id) && id !== "" && isText(name) && isNatural(home), "id, name or home is missing")
  check(status === "unstarted" || status === "ready", "its status is neither unstarted nor ready")
  check(root instanceof Computation && context instanceof Context, "computation or context is missing")
  const wrong = wrongContext(context)
  check(wrong === null, wrong ?? "")
  const fiber = new FiberState(id, name, place.home ?? home, root, context)
  fiber.status = status
  restoreFrames(fiber, record)
  restoreResumption(fiber, record)
  record.spent = true
  return fiber
}

function saveFrames(fiber: FiberState, record: StoppedFiber): void {
  record.top = fiber.top
  record.topDepth = fiber.topDepth
  record.inner = fiber.inner
}

function restoreFrames(fiber: FiberState, { top, topDepth, inner, status, resumeKind }: StoppedFiber): void {
  check(top === null || top instanceof Frame, "its youngest frame is none")
  check(Number.isSafeInteger(topDepth) && topDepth >= 0, "its depth is missing")
  check(inner === null || inner instanceof Computation, "its innermost computation is none")
  if (status === "unstarted") check(fiber.root.args !== null && top === null, "it has begun and has not")
  else {
    check(fiber.root.status === RUNNING && top !== null, "it has begun and does not run")
    const wrong = wrongFrames({ top, depth: topDepth, inner }, fiber.root, resumeKind)
    check(wrong === null, wrong ?? "")
    fiber.restricted = restrictionsOf(top, fiber.root)
  }
  fiber.top = top
  fiber.topDepth = topDepth
  fiber.inner = inner
}

function saveResumption(fiber: FiberState, record: StoppedFiber): void {
  record.resumeKind = fiber.resumeKind
  record.resumeValue = fiber.resumeValue
  record.interrupt = fiber.interrupted
  record.interruptPending = fiber.interruptPending
  record.lifetime = fiber.lifetime = asLifetime(fiber.lifetime)
}

function restoreResumption(fiber: FiberState, record: StoppedFiber): void {
  check(isResumeKind(record.resumeKind), "how it goes on is missing")
  if (record.resumeKind === AGAIN) check(isOperation(record.resumeValue), "what it waits for is none")
  fiber.resumeKind = record.resumeKind
  fiber.resumeValue = record.resumeValue
  const { interrupt } = record
  check(interrupt === null || interrupt instanceof FiberInterrupted, "its interrupt is none")
  fiber.interrupted = interrupt
  fiber.interruptPending = record.interruptPending === true && interrupt !== null
  const { lifetime } = record
  check(lifetime === null || lifetime instanceof Lifetime, "its scope is none")
  fiber.lifetime = lifetime
  refresh(fiber)
}

function isResumeKind(kind: unknown): kind is ResumeKind | typeof AGAIN {
  return Number.isInteger(kind) && (kind as number) >= NEXT && (kind as number) <= AGAIN
}

function isOperation(value: unknown): value is Performable<unknown> {
  return typeof value === "object" && value !== null && Performable.is(value)
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) refuse(what)
}

function refuse(what: string): never {
  throw new RecordError(0, what)
}
