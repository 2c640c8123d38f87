/** Owns the record of a fiber: its fields in a fixed order, without names. */
import { Context } from "../../context/context.ts"
import { NEXT } from "../../frame.ts"
import { RECORD_VERSION, StoppedFiber } from "../../stopped.ts"
import type { Decoder } from "../decoder.ts"
import { RecordError } from "../errors.ts"
import { T_RECORD } from "../format.ts"
import type { Row } from "../plan.ts"
import { CONTEXT } from "./context.ts"
import { ownKind } from "./fields.ts"

/** What the bytes say, before `restore` has looked at it. */
type Claimed = { -readonly [K in keyof StoppedFiber]: unknown }

/** What most fibers have takes a bit each: a value of its own would take 30 ns there and back. */
const IS_READY = 1
const BY_NEXT = 2
const NO_VALUE = 4
const UNINTERRUPTED = 8
const UNOWNED = 16
/** The innermost computation is the fiber's own. */
const IN_ROOT = 32

function usualOf(fiber: StoppedFiber): number {
  return (
    (fiber.status === "ready" ? IS_READY : 0) |
    (fiber.resumeKind === NEXT ? BY_NEXT : 0) |
    (fiber.resumeValue === undefined ? NO_VALUE : 0) |
    (fiber.interrupt === null && fiber.interruptPending === false ? UNINTERRUPTED : 0) |
    (fiber.lifetime === null ? UNOWNED : 0) |
    (fiber.inner === fiber.root ? IN_ROOT : 0)
  )
}

/**
 * Order of the fields: a change of it is a new version of records. Each is written out, since access by name costs twice
 * as much, and every fiber that moves pays for it. Whether the fields mean anything is for `restore` to say.
 */
const RECORD: Row = {
  tag: T_RECORD,
  flags: 0,
  describe(encoder, plan) {
    const fiber = plan.value as StoppedFiber
    encoder.value(fiber.version)
    const usual = usualOf(fiber)
    encoder.out.byte(usual)
    encoder.value(fiber.id)
    encoder.value(fiber.name)
    encoder.value(fiber.home)
    if ((usual & IS_READY) === 0) encoder.value(fiber.status)
    encoder.frame(fiber.root)
    encoder.own(fiber.context, CONTEXT)
    encoder.frame(fiber.top)
    encoder.value(fiber.topDepth)
    if ((usual & IN_ROOT) === 0) encoder.frame(fiber.inner)
    if ((usual & BY_NEXT) === 0) encoder.value(fiber.resumeKind)
    if ((usual & NO_VALUE) === 0) encoder.value(fiber.resumeValue)
    if ((usual & UNINTERRUPTED) === 0) {
      encoder.value(fiber.interrupt)
      encoder.value(fiber.interruptPending)
    }
    if ((usual & UNOWNED) === 0) encoder.value(fiber.lifetime)
  },
  allocate: () => new StoppedFiber(),
  fill(decoder, plan) {
    const fiber = plan.value as Claimed
    const from = decoder.in.position
    fiber.version = decoder.value()
    if (fiber.version !== RECORD_VERSION) {
      const version = typeof fiber.version === "number" ? `version ${fiber.version}` : "no version"
      throw new RecordError(from, `a record of ${version}, and this is Rove of version ${RECORD_VERSION}`)
    }
    const usual = decoder.in.byte()
    if (usual > (IS_READY | BY_NEXT | NO_VALUE | UNINTERRUPTED | UNOWNED | IN_ROOT))
      throw new RecordError(from, "a fiber is not as unusual as that")
    fiber.id = decoder.value()
    fiber.name = decoder.value()
    fiber.home = decoder.value()
    fiber.status = (usual & IS_READY) !== 0 ? "ready" : decoder.value()
    fiber.root = decoder.frameOrNull()
    fiber.context = contextOrNull(decoder)
    fiber.top = decoder.frameOrNull()
    fiber.topDepth = decoder.value()
    fiber.inner = fiber.root
    if ((usual & IN_ROOT) === 0) fiber.inner = decoder.frameOrNull()
    if ((usual & BY_NEXT) === 0) fiber.resumeKind = decoder.value()
    if ((usual & NO_VALUE) === 0) fiber.resumeValue = decoder.value()
    if ((usual & UNINTERRUPTED) === 0) {
      fiber.interrupt = decoder.value()
      fiber.interruptPending = decoder.value()
    }
    if ((usual & UNOWNED) === 0) fiber.lifetime = decoder.value()
  },
  copy: () => new StoppedFiber(),
  complete(cloner, plan, to) {
    const from = plan.value as StoppedFiber
    const fiber = to as Claimed
    fiber.version = from.version
    fiber.id = from.id
    fiber.name = from.name
    fiber.home = from.home
    fiber.status = from.status
    fiber.root = cloner.value(from.root)
    fiber.context = cloner.value(from.context)
    fiber.top = cloner.value(from.top)
    fiber.topDepth = from.topDepth
    fiber.inner = cloner.value(from.inner)
    fiber.resumeKind = from.resumeKind
    fiber.resumeValue = cloner.value(from.resumeValue)
    fiber.interrupt = cloner.value(from.interrupt)
    fiber.interruptPending = from.interruptPending
    fiber.lifetime = cloner.value(from.lifetime)
  },
}

/** What is written as a context, or as a frame, has to be one also in a record that is not resumed. */
function contextOrNull(decoder: Decoder): Context | null {
  const from = decoder.in.position
  const value = decoder.value()
  if (value === null || value instanceof Context) return value
  throw new RecordError(from, "not the context of a fiber")
}

export const RECORD_ROWS: readonly Row[] = [RECORD]

export const RECORDS = [ownKind(StoppedFiber, RECORD)]
