/** Owns encoding as others see it: one function, with buffers that are used again. */
import { optionNames, ownOption, refuseUnknown } from "../options.ts"
import type { Encoded } from "./encoded.ts"
import { Encoder } from "./encoder.ts"
import { explained } from "./explain.ts"
import { isPristine } from "./language.ts"
import { trimShapes } from "./links.ts"
import { List } from "./list.ts"
import { pristine } from "./pristine.ts"

export interface EncodeOptions {
  /** Gives the key of a value (or of a symbol that is neither registered nor well-known) that is to be carried by reference; undefined for all others. */
  readonly reference?: (value: object | symbol) => string | undefined
  /** Whether a value is to be carried beside the bytes, in addition to those that always are (SharedArrayBuffer, MessagePort …). */
  readonly handle?: (value: object) => boolean
  /** What the root is called in the path of an error. */
  readonly label?: string
}

const OPTIONS = optionNames<EncodeOptions>({ reference: true, handle: true, label: true })
const NO_OPTIONS = givenOf({})
/** By depth: more than one is needed only if a registered kind encodes while it is encoded. */
const encoders = new List<Encoder>()
const state = { depth: 0 }

/**
 * Turns a value into bytes. Changes nothing in it and runs none of its code, registered kinds aside.
 * Fails with `NotPortableError`, which names the path to what is in the way, and ROVE_INVALID_ARGUMENT for other options.
 */
export function encode(value: unknown, options: EncodeOptions = NO_OPTIONS): Encoded {
  const given = options === NO_OPTIONS ? NO_OPTIONS : givenOf(options)
  return isPristine() ? encodeNow(value, given) : pristine(() => encodeNow(value, given))
}

/** With all names of its own, so that none is inherited. */
function givenOf(options: EncodeOptions): EncodeOptions {
  refuseUnknown(options, OPTIONS, "encode")
  return {
    reference: ownOption(options, "reference"),
    handle: ownOption(options, "handle"),
    label: ownOption(options, "label"),
  } as EncodeOptions
}

function encoderAt(depth: number): Encoder {
  if (depth === encoders.length) encoders.add(new Encoder())
  return encoders[depth] as Encoder
}

function encodeNow(value: unknown, options: EncodeOptions): Encoded {
  if (state.depth === 0) trimShapes()
  const encoder = encoderAt(state.depth++)
  try {
    return encoder.run(value, options)
  } catch (error) {
    throw explained(error, value, encoder, options.label)
  } finally {
    state.depth--
    encoder.clear()
  }
}
