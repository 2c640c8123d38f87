/** Owns `arguments` objects: as strict functions have them. */
import { T_ARGUMENTS } from "../format.ts"
import type { Row } from "../plan.ts"

/** Only asked for objects whose properties are unusual, as those of arguments objects are. */
export function isArguments(value: object): boolean {
  if (Object.getOwnPropertyDescriptor(value, Symbol.toStringTag) !== undefined) return false
  return Object.prototype.toString.call(value) === "[object Arguments]"
}

function make(values: unknown[]): object {
  return function () {
    // biome-ignore lint/complexity/noArguments: an arguments object is what is wanted
    return arguments
  }.apply(null, values as [])
}

export const ARGUMENTS: Row = {
  tag: T_ARGUMENTS,
  flags: 0,
  announce: (encoder, plan) => encoder.out.varint((plan.value as ArrayLike<unknown>).length),
  describe(encoder, plan) {
    const list = plan.value as ArrayLike<unknown>
    for (let i = 0; i < list.length; i++) encoder.value(list[i])
  },
  allocate(decoder, plan) {
    const length = decoder.in.count()
    plan.parts = length
    // so many arguments fit on the stack of any engine
    if (length > 10_000) decoder.in.fail(`${length} arguments are too many`)
    return make(new Array(length).fill(undefined))
  },
  fill(decoder, plan) {
    for (let i = 0; i < (plan.parts as number); i++) (plan.value as unknown[])[i] = decoder.value()
  },
  copy: (_, plan) => make(new Array((plan.value as ArrayLike<unknown>).length).fill(undefined)),
  complete(cloner, plan, to) {
    const list = plan.value as ArrayLike<unknown>
    for (let i = 0; i < list.length; i++) (to as unknown[])[i] = cloner.value(list[i])
  },
}
