/** Owns the kinds and references that core itself registers: errors of Rove, and what the platform adds. */
import * as errors from "../errors.ts"
import { NotPortableError, RecordError } from "./errors.ts"
import { registerKind } from "./kinds.ts"
import { referenceOf, registerReference } from "./references.ts"

for (const [name, value] of Object.entries({ ...errors, NotPortableError, RecordError })) {
  if (typeof value === "function" && value.prototype instanceof Error) registerReference(`rove.${name}`, value)
}

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
