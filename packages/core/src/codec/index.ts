/** Owns the public face of the codec. */
import "./builtin.ts"

export { advise } from "./advice.ts"
export {
  type ChangePolicy,
  type CodeChange,
  CodeChangedError,
  type Migrate,
  type NewFrame,
  type OldFrame,
} from "./changes.ts"
export { clone, flatCopy } from "./clone.ts"
export { type DecodeOptions, decode, decodeHandedOver } from "./decode.ts"
export { type EncodeOptions, encode } from "./encode.ts"
export type { Encoded } from "./encoded.ts"
export { NotPortableError, RecordError } from "./errors.ts"
export { type Kind, registerKind } from "./kinds.ts"
export { markMethods, offerPrivateMethods } from "./local-methods.ts"
export { move } from "./move.ts"
export { isProxy } from "./platform.ts"
export { ALLOCATE, byReference, DECODE, ENCODE, referenceOf, registerReference } from "./references.ts"
export { Reopened, type ReopenOptions, reopen } from "./reopen.ts"
