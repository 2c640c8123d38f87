/**
 * Owns the runtime as a global of a script: what `compile(…, { runtime: { global: "rove" } })` emits runs with it in a
 * REPL, a realm of its own or a page, without imports. The build bundles this file; run it once per realm.
 */
import {
  decode as decodeValue,
  encode as encodeValue,
  HOLDER,
  NotPortableError,
  optionNames,
  RecordError,
  RoveError,
  refuseUnknown,
} from "@rove/core"
import { computationOf } from "./runtime/generator.ts"
import * as runtime from "./runtime/index.ts"

interface StandaloneEncodeOptions {
  /** Gives the key of a value (or of a symbol of the program's own) that stays where it is; undefined for all others. */
  readonly reference?: (value: object | symbol) => string | undefined
}

interface StandaloneDecodeOptions {
  /** Gives the value that `reference` gave the key of. */
  readonly resolve?: (key: string) => unknown
}

const ENCODE_OPTIONS = optionNames<StandaloneEncodeOptions>({ reference: true })
const DECODE_OPTIONS = optionNames<StandaloneDecodeOptions>({ resolve: true })

const NO_GENERATOR =
  'encode takes a suspended generator of a compiled function: this is no generator, or one of a function that was not compiled (does its script say "use fibers"?), or one that is running'

/**
 * Turns a suspended generator of a compiled function into bytes, with all that its locals hold. Changes nothing in it.
 * Fails with NotPortableError, whose `value` is what is in the way: give it a key to keep it by reference. Throws
 * ROVE_INVALID_ARGUMENT for anything else than such a generator.
 */
function encode(generator: object, options: StandaloneEncodeOptions = {}): Uint8Array<ArrayBuffer> {
  refuseUnknown(options, ENCODE_OPTIONS, "encode")
  if (computationOf(generator) === null) throw new RoveError("ROVE_INVALID_ARGUMENT", NO_GENERATOR)
  const { reference } = options
  refuseOther(reference, 'encode: option "reference"')
  const { bytes, handles } = encodeValue(generator, reference === undefined ? {} : { reference })
  if (handles.length > 0)
    throw new NotPortableError("", "a handle of the platform cannot be bytes: keep it by reference", handles[0])
  return new Uint8Array(bytes)
}

/** The generator again, at the place where it stood. The script that it is of must have been run in this realm. */
function decode(bytes: ArrayBuffer | ArrayBufferView, options: StandaloneDecodeOptions = {}): object {
  refuseUnknown(options, DECODE_OPTIONS, "decode")
  const { resolve } = options
  refuseOther(resolve, 'decode: option "resolve"')
  return decodeValue(octets(bytes), resolve === undefined ? {} : { resolve }) as object
}

function refuseOther(option: unknown, where: string): void {
  if (option === undefined || typeof option === "function") return
  const given = option === null ? "null" : typeof option
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where}: expected a function, not ${given}`)
}

/** Of this realm, even if the bytes are not. */
function octets(bytes: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

const rove = { ...runtime, encode, decode, NotPortableError, RecordError, RoveError }
const hidden = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
hidden("rove", rove)
hidden(HOLDER, undefined) // there already, it stays hidden when a script declares it
