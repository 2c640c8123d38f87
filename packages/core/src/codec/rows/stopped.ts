/** Owns the record of a fiber: its fields in a fixed order, without names. */
import { RECORD_VERSION, StoppedFiber } from "../../stopped.ts"
import { RecordError } from "../errors.ts"
import { T_RECORD } from "../format.ts"
import type { Row } from "../plan.ts"
import { CONTEXT } from "./context.ts"
import { ownKind } from "./fields.ts"

/** What the bytes say, before `restore` has looked at it. */
type Claimed = { -readonly [K in keyof StoppedFiber]: unknown }

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
    encoder.value(fiber.id)
    encoder.value(fiber.name)
    encoder.value(fiber.home)
    encoder.value(fiber.status)
    encoder.frame(fiber.root)
    encoder.own(fiber.context, CONTEXT)
    encoder.frame(fiber.top)
    encoder.value(fiber.topDepth)
    encoder.frame(fiber.inner)
    encoder.value(fiber.resumeKind)
    encoder.value(fiber.resumeValue)
    encoder.value(fiber.interrupt)
    encoder.value(fiber.interruptPending)
    encoder.value(fiber.lifetime)
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
    fiber.id = decoder.value()
    fiber.name = decoder.value()
    fiber.home = decoder.value()
    fiber.status = decoder.value()
    fiber.root = decoder.value()
    fiber.context = decoder.value()
    fiber.top = decoder.value()
    fiber.topDepth = decoder.value()
    fiber.inner = decoder.value()
    fiber.resumeKind = decoder.value()
    fiber.resumeValue = decoder.value()
    fiber.interrupt = decoder.value()
    fiber.interruptPending = decoder.value()
    fiber.lifetime = decoder.value()
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

export const RECORD_ROWS: readonly Row[] = [RECORD]

export const RECORDS = [ownKind(StoppedFiber, RECORD)]
