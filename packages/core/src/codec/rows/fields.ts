/**
 * Owns how those of our own objects are carried that few records have: their fields in a fixed order, without names.
 * What every record has (frames, contexts, the fiber itself) has a row that writes each field out, at half the price.
 */
import { NO_KEYS, Plan, type Row } from "../plan.ts"

type Fields = Record<string, unknown>

/** Whether the fields mean anything is for whoever uses the decoded object to say. */
export function fieldsRow<T extends object>(tag: number, make: () => T, fields: readonly (keyof T & string)[]): Row {
  return {
    tag,
    flags: 0,
    describe(encoder, plan) {
      const object = plan.value as Fields
      for (let i = 0; i < fields.length; i++) encoder.value(object[fields[i] as string])
    },
    allocate: make,
    fill(decoder, plan) {
      const object = plan.value as Fields
      for (let i = 0; i < fields.length; i++) object[fields[i] as string] = decoder.value()
    },
    copy: make,
    complete(cloner, plan, to) {
      const object = plan.value as Fields
      for (const field of fields) (to as Fields)[field] = cloner.value(object[field])
    },
  }
}

/** Recognised by its very prototype. */
export function ownKind(made: { readonly prototype: object }, row: Row) {
  return {
    prototype: made.prototype,
    brand: (value: object) => Object.getPrototypeOf(value) === made.prototype,
    plan: (value: object) => new Plan(row, value, 0, NO_KEYS, null),
  }
}
