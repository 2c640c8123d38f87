/** Owns the record of a fiber: its fields in a fixed order, without names. */
import { RECORD_VERSION, StoppedFiber } from "../../stopped.ts"
import { RecordError } from "../errors.ts"
import { T_RECORD } from "../format.ts"
import type { Row } from "../plan.ts"
import { fieldsRow, ownKind } from "./fields.ts"

/** Order of the fields: a change of it is a new version of records. */
const RECORD_FIELDS: readonly (keyof StoppedFiber)[] = [
  "version",
  "id",
  "name",
  "home",
  "status",
  "root",
  "context",
  "top",
  "topDepth",
  "inner",
  "resumeKind",
  "resumeValue",
  "interrupt",
  "interruptPending",
]

/** Whether the fields mean anything is for `restore` to say. */
const FIELDS = fieldsRow(T_RECORD, () => new StoppedFiber(), RECORD_FIELDS)

const RECORD: Row = {
  ...FIELDS,
  fill(decoder, plan) {
    const from = decoder.in.position
    const version = decoder.value()
    if (version !== RECORD_VERSION)
      throw new RecordError(
        from,
        `a record of version ${String(version)}, and this is Rove of version ${RECORD_VERSION}`,
      )
    decoder.in.position = from
    FIELDS.fill?.(decoder, plan)
  },
}

export const RECORD_ROWS: readonly Row[] = [RECORD]

export const RECORDS = [ownKind(StoppedFiber, RECORD)]
