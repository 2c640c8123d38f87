/** Owns errors: class, stack text and all own properties, which are where engines keep message, cause and errors. */
import { RecordError } from "../errors.ts"
import { F_KIND, F_ORDINARY, F_PROPERTIES, T_ERROR } from "../format.ts"
import { Plan, type Row } from "../plan.ts"
import { found, surveyExtras, withoutStack } from "../properties.ts"
import { type Between, nodeErrorOf, nodeErrorPrototype } from "./node-errors.ts"

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

interface Parts {
  readonly index: number
  readonly node: Between | null
}

/** One of Node's own: the code that its class depends on follows. */
const F_NODE = F_KIND

export const ERROR: Row = {
  tag: T_ERROR,
  flags: F_ORDINARY | F_NODE,
  announce(encoder, plan) {
    const { index, node } = plan.parts as Parts
    encoder.out.byte(index * 2 + (plan.keys[0] === "stack" ? 1 : 0))
    if (node === null) return
    encoder.boolean(node.hides)
    encoder.string(node.code)
  },
  allocate(decoder, plan) {
    const from = decoder.in.position
    const byte = decoder.in.byte()
    if (ERROR_CLASSES[byte >> 1] === undefined) throw new RecordError(from, "not a class of errors")
    const error = bare(byte >> 1)
    withoutOwnStack(error, (byte & 1) === 1)
    if ((plan.flags & F_NODE) !== 0) {
      const base = Object.getPrototypeOf(error) as object
      const hides = decoder.value() === true
      Object.setPrototypeOf(error, nodeErrorPrototype({ base, hides, code: decoder.string() }))
    }
    return error
  },
  copy(_, plan) {
    const error = bare((plan.parts as Parts).index)
    withoutOwnStack(error, plan.keys[0] === "stack")
    if ((plan.flags & F_NODE) !== 0) Object.setPrototypeOf(error, Object.getPrototypeOf(plan.value) as object)
    return error
  },
}

const indices = new Map(ERROR_CLASSES.map((made, index) => [made?.prototype as object | undefined, index]))

/** The plan of an error that Node threw; null for all others. */
export function nodeErrorPlan(value: object, prototype: object): Plan | null {
  const node = nodeErrorOf(value, prototype, base => indices.has(base))
  if (node === null || !isError(value)) return null
  surveyExtras(value)
  const parts: Parts = { index: indices.get(node.base) as number, node }
  return new Plan(ERROR, value, found.flags | F_PROPERTIES | F_NODE, found.keys, parts)
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
            return new Plan(ERROR, value, found.flags | F_PROPERTIES, found.keys, { index, node: null } satisfies Parts)
          },
        },
      ],
)
