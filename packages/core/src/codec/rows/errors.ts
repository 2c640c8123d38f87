/** Owns errors: class, stack text and all own properties, which are where engines keep message, cause and errors. */
import { RecordError } from "../errors.ts"
import { F_ORDINARY, F_PROPERTIES, T_ERROR } from "../format.ts"
import { Plan, type Row } from "../plan.ts"
import { found, surveyExtras, withoutStack } from "../properties.ts"

/** Order of the classes in records: append only. */
const ERROR_CLASSES = [
  "Error",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "AggregateError",
  "SuppressedError",
].map(name => (globalThis as Record<string, unknown>)[name] as (new () => Error) | undefined)

const isNative = (Error as { isError?: (value: object) => boolean }).isError
/** Elsewhere the engine's own tag tells, unless the error has a tag of its own. */
const isError = isNative ?? ((value: object) => Object.prototype.toString.call(value) === "[object Error]")

/** An error of that class with no property but `stack`: the classes' constructors would add more. */
function bare(index: number): Error {
  return withoutStack(() => Reflect.construct(Error, [], ERROR_CLASSES[index] as new () => Error) as Error)
}

/** The stack comes first natively; where it did not, or was deleted, it must not be there from the beginning. */
function withoutOwnStack(error: object, hasStackFirst: boolean): void {
  if (!hasStackFirst) delete (error as { stack?: unknown }).stack
}

export const ERROR: Row = {
  tag: T_ERROR,
  flags: F_ORDINARY,
  announce: (encoder, plan) => encoder.out.byte((plan.parts as number) * 2 + (plan.keys[0] === "stack" ? 1 : 0)),
  allocate(decoder) {
    const from = decoder.in.position
    const byte = decoder.in.byte()
    if (ERROR_CLASSES[byte >> 1] === undefined) throw new RecordError(from, "not a class of errors")
    const error = bare(byte >> 1)
    withoutOwnStack(error, (byte & 1) === 1)
    return error
  },
  copy(_, plan) {
    const error = bare(plan.parts as number)
    withoutOwnStack(error, plan.keys[0] === "stack")
    return error
  },
}

export const ERRORS = ERROR_CLASSES.flatMap((made, index) =>
  made === undefined
    ? []
    : [
        {
          prototype: made.prototype as object,
          brand: isError,
          plan: (value: object) => {
            surveyExtras(value)
            return new Plan(ERROR, value, found.flags | F_PROPERTIES, found.keys, index)
          },
        },
      ],
)
