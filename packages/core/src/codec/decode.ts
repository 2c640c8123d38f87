/** Owns decoding as others see it: one function. */
import { optionNames, ownOption, refuseUnknown } from "../options.ts"
import type { ChangePolicy } from "./changes.ts"
import { Decoder } from "./decoder.ts"
import { isPristine } from "./language.ts"
import { pristine } from "./pristine.ts"

export interface DecodeOptions {
  /** What `encode` gave beside the bytes. */
  readonly handles?: readonly unknown[]
  /** Gives the value that `reference` gave the key of; undefined refuses the record. */
  readonly resolve?: (key: string) => unknown
  /** What to do about functions that changed since the record was made; by default it is refused. */
  readonly changed?: ChangePolicy
  /**
   * What to do about values of context variables that nothing here has declared: refuse the record (the default), or keep
   * them for a module that comes later, as threads of one program do among themselves.
   */
  readonly undeclared?: "refuse" | "keep"
  readonly limits?: {
    /** Bytes of the record, and what a resizable buffer in it may grow to. Default 1 GiB. */
    readonly bytes?: number
  }
}

/** As it was when this was loaded: programs may replace it. */
const { Uint8Array: Bytes } = globalThis
const OPTIONS = optionNames<DecodeOptions>({
  handles: true,
  resolve: true,
  changed: true,
  undeclared: true,
  limits: true,
})
const NO_OPTIONS = givenOf({})

/**
 * Turns the bytes of a record into the value again.
 * Fails with `RecordError` on anything that `encode` did not write or that this thread cannot follow; nothing has changed then.
 * Throws ROVE_INVALID_ARGUMENT for options that it does not have.
 */
export function decode(bytes: ArrayBuffer | Uint8Array, options: DecodeOptions = NO_OPTIONS): unknown {
  return decodeWith(
    bytes instanceof Bytes ? bytes : new Bytes(bytes),
    options === NO_OPTIONS ? NO_OPTIONS : givenOf(options),
  )
}

/**
 * As `decode` of what another thread of the same program has encoded, `undeclared: "keep"`: to look at options takes as long as to
 * decode a small fiber, and nobody has written these.
 */
export function decodeHandedOver(bytes: Uint8Array, handles: readonly unknown[]): unknown {
  const given: object = { handles, resolve: undefined, changed: undefined, undeclared: "keep", limits: undefined }
  return decodeWith(bytes, given as DecodeOptions)
}

function decodeWith(bytes: Uint8Array, given: DecodeOptions): unknown {
  return isPristine() ? new Decoder(bytes, given).run() : pristine(() => new Decoder(bytes, given).run())
}

/** With all names of its own, so that none is inherited. */
function givenOf(options: DecodeOptions): DecodeOptions {
  refuseUnknown(options, OPTIONS, "decode")
  const limits = ownOption(options, "limits")
  return {
    handles: ownOption(options, "handles"),
    resolve: ownOption(options, "resolve"),
    changed: ownOption(options, "changed"),
    undeclared: ownOption(options, "undeclared"),
    limits: limits && { bytes: ownOption(limits, "bytes") },
  } as DecodeOptions
}
