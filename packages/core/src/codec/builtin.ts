/** Owns the kinds and references that core itself registers: errors of Rove, the context, what the platform adds. */
import { Context } from "../context/context.ts"
import * as errors from "../errors.ts"
import { NotPortableError, RecordError } from "./errors.ts"
import { registerKind } from "./kinds.ts"
import { referenceOf, registerReference } from "./references.ts"

for (const [name, value] of Object.entries({ ...errors, NotPortableError, RecordError })) {
  if (typeof value === "function" && value.prototype instanceof Error) registerReference(`rove.${name}`, value)
}

registerKind<Context, { variables: unknown; recursionLimit: unknown }>({
  name: "rove.Context",
  test: value => value instanceof Context,
  take: ({ variables, recursionLimit }) => ({ variables, recursionLimit }),
  allocate() {
    return new Context()
  },
  fill(context, { variables, recursionLimit }) {
    if (!(variables instanceof Map)) throw new TypeError("variables are a Map")
    if (typeof recursionLimit !== "number") throw new TypeError("a recursion limit is a number")
    context.variables = variables
    context.recursionLimit = recursionLimit
  },
})

const { Buffer, DOMException: Exception } = globalThis as { Buffer?: object; DOMException?: typeof DOMException }
if (Buffer !== undefined && referenceOf(Buffer) === undefined) registerReference("node.Buffer", Buffer)

if (Exception !== undefined) {
  registerKind<DOMException, { message: string; name: string; stack: unknown }>({
    name: "DOMException",
    test: value => value instanceof Exception && value.constructor === Exception,
    take: ({ message, name, stack }) => ({ message, name, stack }),
    allocate(parts?) {
      const exception = new Exception(parts?.message, parts?.name)
      if (parts !== undefined) exception.stack = parts.stack as string
      return exception
    },
  })
}
