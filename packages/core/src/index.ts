export { Adopt } from "./adopt.ts"
export {
  BOUND_FUNCTION,
  Closure,
  COMPUTED_KEY,
  type Code,
  type CodeInfo,
  type CodeKind,
  type CodeParts,
  closureOf,
  defineCode,
  findCode,
  HOLDER,
  type ResumePoint,
  type Step,
  shapeOf,
  stamp,
  stampOf,
} from "./code.ts"
export {
  anything,
  atLeast,
  either,
  type Fields,
  type Fits,
  instance,
  isFunction,
  isList,
  isNatural,
  isNumber,
  isObject,
  isText,
  isTruth,
  isUndefined,
  listOf,
  nothing,
  oneOf,
  orNone,
  orNull,
  plain,
} from "./codec/fits.ts"
export { registerRole } from "./codec/frame-checks.ts"
export {
  ALLOCATE,
  advise,
  byReference,
  type ChangePolicy,
  type CodeChange,
  CodeChangedError,
  clone,
  DECODE,
  type DecodeOptions,
  decode,
  decodeHandedOver,
  ENCODE,
  type Encoded,
  type EncodeOptions,
  encode,
  flatCopy,
  isProxy,
  type Kind,
  type Migrate,
  markMethods,
  move,
  type NewFrame,
  NotPortableError,
  type OldFrame,
  offerPrivateMethods,
  RecordError,
  Reopened,
  type ReopenOptions,
  referenceOf,
  registerKind,
  registerReference,
  reopen,
} from "./codec/index.ts"
export { heir, type OwnOptions, registerOwnClass } from "./codec/own-classes.ts"
export { Computation, type ComputationStatus, DONE, RESTING, RUNNING, UNSTARTED } from "./computation.ts"
export { Context, ContextExtra, DEFAULT_RECURSION_LIMIT, type Exit } from "./context/context.ts"
export { type Hook, Hooks } from "./context/hooks.ts"
export { NORMAL, PRIORITIES, type Priority } from "./context/priority.ts"
export {
  Binding,
  CODED,
  DROPPED,
  declareVariable,
  EMPTY_VARIABLES,
  FRESH,
  HELD,
  type Keeping,
  SHARED,
  type VariableKey,
  Variables,
} from "./context/variables.ts"
export {
  ERROR_CODES,
  type ErrorCode,
  FiberInterrupted,
  invariant,
  isSameDeath,
  RecursionLimitError,
  RoveError,
  ScopeError,
  ThreadAffinityError,
  TimeoutError,
  WorkerLost,
} from "./errors.ts"
export { AGAIN, Frame, NEXT, RETURN, type ResumeKind, SUSPENDED, type Suspended, THROW } from "./frame.ts"
export { handledIn, THREW } from "./handled.ts"
export { ThreadIdentity } from "./identity.ts"
export { describe, type FrameView, framesSeen, inspect, type NamedView, type RecordView } from "./inspect/inspect.ts"
export type { ValueView } from "./inspect/values.ts"
export {
  type Makers,
  makerIn,
  type Privates,
  privatesOf,
  tellMakers,
  tellMethods,
  tellPrivateMethods,
  tellPrivates,
} from "./members.ts"
export { nearest } from "./nearest.ts"
export { type OptionNames, optionNames, refuseUnknown } from "./options.ts"
export { FiberRecord } from "./record.ts"
export { isDynamic } from "./source/reader.ts"
export { limitStacks } from "./stack-limit.ts"
export {
  certain,
  depart,
  type FiberStatus,
  finish,
  hold,
  type Owned,
  type Park,
  park,
  preempt,
  revive,
  start,
  unpark,
  whereabouts,
  withdraw,
} from "./status.ts"
export { RECORD_VERSION, StoppedFiber } from "./stopped.ts"
