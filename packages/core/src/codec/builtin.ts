/** Owns the kinds and references that core itself registers: errors of Rove, and what the platform adds. */
import * as errors from "../errors.ts"
import { getter } from "./brand.ts"
import { NotPortableError, RecordError } from "./errors.ts"
import { isText } from "./fits.ts"
import { registerKind } from "./kinds.ts"
import { isPlatformError, isRawJson, platformError, rawJson } from "./platform.ts"
import { withoutStack } from "./properties.ts"
import { referenceOf, registerReference } from "./references.ts"

for (const [name, value] of Object.entries({ ...errors, NotPortableError, RecordError })) {
  if (typeof value === "function" && value.prototype instanceof Error) registerReference(`rove.${name}`, value)
}

const { Buffer } = globalThis as { Buffer?: object }
if (Buffer !== undefined && referenceOf(Buffer) === undefined) registerReference("node.Buffer", Buffer)

const Exception = platformError
if (Exception !== undefined) {
  // getters past what a program gave the exception itself
  const messageOf = getter(Exception.prototype, "message") as (this: object) => string
  const nameOf = getter(Exception.prototype, "name") as (this: object) => string
  registerKind<DOMException, { message: string; name: string }>({
    name: "DOMException",
    properties: true,
    fields: { message: isText, name: isText },
    test: value => Object.getPrototypeOf(value) === Exception.prototype && isPlatformError(value),
    take: value => ({ message: messageOf.call(value), name: nameOf.call(value) }),
    allocate: parts => withoutStack(() => new Exception(parts?.message, parts?.name)),
  })
}

const raw = rawJson
if (raw !== undefined) {
  const isRawText = (text: unknown): boolean => {
    if (!isText(text)) return false
    try {
      return raw(text as string).rawJSON === text
    } catch {
      return false
    }
  }
  registerKind<ReturnType<typeof raw>, { text: string }>({
    name: "JSON.rawJSON",
    fields: { text: isRawText },
    test: value => isRawJson(value),
    take: ({ rawJSON }) => ({ text: rawJSON }),
    allocate: parts => raw(parts?.text as string),
  })
}
