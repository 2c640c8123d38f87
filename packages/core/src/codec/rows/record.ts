/** Owns the record of a fiber and its context: their fields in a fixed order, without names. */
import { Context } from "../../context/context.ts"
import { EMPTY_VARIABLES, type Variables } from "../../context/variables.ts"
import { FiberRecord } from "../../record.ts"
import { RecordError } from "../errors.ts"
import { T_CONTEXT, T_RECORD } from "../format.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"

type Fields = Record<string, unknown>

/** Order of the fields: a change of it is a new version of records. */
const RECORD_FIELDS: readonly (keyof FiberRecord)[] = [
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
const RECORD: Row = {
  tag: T_RECORD,
  flags: 0,
  describe(encoder, plan) {
    const record = plan.value as FiberRecord
    for (let i = 0; i < RECORD_FIELDS.length; i++) encoder.value(record[RECORD_FIELDS[i] as keyof FiberRecord])
  },
  allocate: () => new FiberRecord(),
  fill(decoder, plan) {
    const record = plan.value as unknown as Fields
    for (let i = 0; i < RECORD_FIELDS.length; i++) record[RECORD_FIELDS[i] as string] = decoder.value()
  },
  copy: () => new FiberRecord(),
  complete(cloner, plan, to) {
    const record = plan.value as FiberRecord
    for (const field of RECORD_FIELDS) (to as Fields)[field] = cloner.value(record[field])
  },
}

/** Variables that were never set need no map. */
const CONTEXT: Row = {
  tag: T_CONTEXT,
  flags: 0,
  describe(encoder, plan) {
    const { variables, recursionLimit } = plan.value as Context
    encoder.value(variables.size === 0 ? null : variables)
    encoder.number(recursionLimit)
  },
  allocate: () => new Context(),
  fill(decoder, plan) {
    const from = decoder.in.position
    const context = plan.value as Context
    const variables = decoder.value()
    if (variables !== null && !(variables instanceof Map)) throw new RecordError(from, "variables are not a Map")
    context.variables = (variables ?? EMPTY_VARIABLES) as Variables
    context.recursionLimit = decoder.number()
  },
  copy: () => new Context(),
  complete(cloner, plan, to) {
    const { variables, recursionLimit } = plan.value as Context
    const context = to as Context
    context.variables = variables.size === 0 ? EMPTY_VARIABLES : (cloner.value(variables) as Variables)
    context.recursionLimit = recursionLimit
  },
}

export const RECORD_ROWS: readonly Row[] = [RECORD, CONTEXT]

function entry(made: { readonly prototype: object }, row: Row) {
  return {
    prototype: made.prototype,
    brand: (value: object) => Object.getPrototypeOf(value) === made.prototype,
    plan: (value: object) => new Plan(row, value, 0, NO_KEYS, null),
  }
}

export const RECORDS = [entry(FiberRecord, RECORD), entry(Context, CONTEXT)]
