/** Owns the errors of the codec: what cannot be encoded, and bytes that cannot be decoded. */
import { type ErrorCode, RoveError } from "../errors.ts"

/** Thrown when a value cannot be part of a record. `path` leads from the root to `value`, in words. Portable itself. */
export class NotPortableError extends RoveError {
  readonly path: string
  readonly #value: { readonly value: unknown }
  constructor(path: string, reason: string, value: unknown, options?: ErrorOptions) {
    super("ROVE_NOT_PORTABLE", path === "" ? reason : `${path}: ${reason}`, options)
    this.path = path
    this.#value = { value }
  }
  /** What is in the way: the value itself, or the object that has the property in the way. Undefined once the error has moved. */
  get value(): unknown {
    return #value in this ? this.#value.value : undefined
  }
}

/**
 * Thrown for bytes that are not a record this thread can use; `offset` is where that was seen, which the message says of
 * damaged ones. Nothing was changed.
 */
export class RecordError extends RoveError {
  readonly offset: number
  constructor(offset: number, reason: string, code: ErrorCode = "ROVE_RECORD", options?: ErrorOptions) {
    super(code, code === "ROVE_RECORD" ? `${reason} (at byte ${offset} of the record)` : reason, options)
    this.offset = offset
  }
}

/** Raised while encoding or cloning; the path to `culprit` is only looked for then, so that it costs nothing otherwise. */
export class Unportable {
  readonly culprit: unknown
  /** A property of the culprit, if that is in the way and not the culprit itself. */
  readonly property: PropertyKey | undefined
  readonly reason: string
  readonly cause: unknown
  constructor(culprit: unknown, reason: string, property?: PropertyKey, cause?: unknown) {
    this.culprit = culprit
    this.reason = reason
    this.property = property
    this.cause = cause
  }
}
