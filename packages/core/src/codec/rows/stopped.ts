/** Owns the record of a fiber and its context: their fields in a fixed order, without names. */
import { Context } from "../../context/context.ts"
import { StoppedFiber } from "../../stopped.ts"
import { T_CONTEXT, T_RECORD } from "../format.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"

type Fields = Record<string, unknown>

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
const RECORD: Row = {
  tag: T_RECORD,
  flags: 0,
  describe(encoder, plan) {
    const record = plan.value as StoppedFiber
    for (let i = 0; i < RECORD_FIELDS.length; i++) encoder.value(record[RECORD_FIELDS[i] as keyof StoppedFiber])
  },
  allocate: () => new StoppedFiber(),
  fill(decoder, plan) {
    const record = plan.value as unknown as Fields
    for (let i = 0; i < RECORD_FIELDS.length; i++) record[RECORD_FIELDS[i] as string] = decoder.value()
  },
  copy: () => new StoppedFiber(),
  complete(cloner, plan, to) {
    const record = plan.value as StoppedFiber
    for (const field of RECORD_FIELDS) (to as Fields)[field] = cloner.value(record[field])
  },
}

/** Variables are written one by one: that their map has an identity is nobody's business. */
const CONTEXT: Row = {
  tag: T_CONTEXT,
  flags: 0,
  describe(encoder, plan) {
    const { variables, recursionLimit } = plan.value as Context
    encoder.number(recursionLimit)
    encoder.out.varint(variables.size)
    for (const [name, value] of variables) {
      encoder.string(name)
      encoder.value(value)
    }
  },
  allocate: () => new Context(),
  fill(decoder, plan) {
    const context = plan.value as Context
    context.recursionLimit = decoder.number()
    const count = decoder.in.count()
    if (count === 0) return
    const variables = new Map<string, unknown>()
    for (let i = 0; i < count; i++) {
      const name = decoder.string()
      variables.set(name, decoder.value())
    }
    context.variables = variables
  },
  copy: () => new Context(),
  complete(cloner, plan, to) {
    const { variables, recursionLimit } = plan.value as Context
    const context = to as Context
    context.recursionLimit = recursionLimit
    if (variables.size === 0) return
    context.variables = new Map(Array.from(variables, ([name, value]) => [name, cloner.value(value)]))
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

export const RECORDS = [entry(StoppedFiber, RECORD), entry(Context, CONTEXT)]
