/**
 * Owns the contract between the codec's passes and its table of kinds: the plan for one object, and the row of a kind.
 *
 * A row has the three directions of one kind side by side: to bytes (announce, describe), from bytes (allocate, fill)
 * and to a copy (copy, complete). In each the first makes all objects, the second gives them their content.
 */
import type { Cloner } from "./cloner.ts"
import type { Decoder } from "./decoder.ts"
import type { Encoder } from "./encoder.ts"

export const NO_KEYS: readonly PropertyKey[] = []

/** What was found out about one object: when encoding and cloning from looking at it, when decoding from its announcement. */
export class Plan {
  readonly row: Row
  value: object
  flags: number
  /** Own properties to carry. */
  keys: readonly PropertyKey[]
  /** Kept by the row from its first to its second half. */
  parts: unknown
  /** With F_PROTOTYPE: the class that it is an instance of, or null. */
  proto: object | null
  /** Values that must exist before this object can be made; null if there are none among them that need others in turn. */
  needs: readonly unknown[] | null = null
  constructor(
    row: Row,
    value: object,
    flags: number,
    keys: readonly PropertyKey[],
    parts: unknown,
    proto: object | null = null,
  ) {
    this.row = row
    this.value = value
    this.flags = flags
    this.keys = keys
    this.parts = parts
    this.proto = proto
  }
}

/** One kind of object. Own properties, prototype and integrity are kept by the passes, for all kinds alike. */
export interface Row {
  readonly tag: number
  /** The flags that it can have. Own properties of our own objects, above all, can only be forged. */
  readonly flags: number
  /** Writes what is needed to make the object. */
  announce?(encoder: Encoder, plan: Plan): void
  /** Writes its content. */
  describe?(encoder: Encoder, plan: Plan): void
  /** Makes the object from what `announce` wrote; may use the plan's flags and prototype and leave parts in it. */
  allocate(decoder: Decoder, plan: Plan): object
  /** Gives it the content that `describe` wrote. */
  fill?(decoder: Decoder, plan: Plan): void
  /** Makes an empty copy. */
  copy(cloner: Cloner, plan: Plan): object
  /** Gives the copy its content. */
  complete?(cloner: Cloner, plan: Plan, to: object): void
}

/** What planning needs to know of the pass that asks. */
export interface Names {
  /** Whether the pass carries that value by reference. */
  names(value: object): boolean
}
