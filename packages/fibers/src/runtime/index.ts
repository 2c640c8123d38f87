/** Owns the surface that compiled code imports. Users do not. */
import "./kinds.ts"

export { Closure, closureOf, defineCode, Frame, SUSPENDED } from "@rove/core"
export { moduleOf } from "../caller.ts"
export { bindable, bindOn } from "./bound.ts"
export {
  at,
  bound,
  boundOn,
  call,
  callable,
  callableIfAny,
  constructible,
  invoke,
  isNone,
  iterable,
  method,
  value,
} from "./callees.ts"
export {
  closureCode,
  entering,
  holding,
  localClosure,
  mark,
  markMethod,
  nameDefault,
  named,
  parametersOf,
  refer,
  singleClosure,
  site,
} from "./closures.ts"
export { iterate, second } from "./cursor.ts"
export { delegate } from "./delegate.ts"
export {
  Aliased,
  argumentsOf,
  coercible,
  constant,
  guarded,
  ignored,
  joined,
  listed,
  NONE,
  present,
  read,
  readable,
  rest,
  slice,
  sloppyThis,
  TDZ,
  taker,
  toKey,
  wipe,
} from "./emitted.ts"
export { line } from "./events.ts"
export { discard, discardOperation } from "./forgotten.ts"
export { gather, iterateApart } from "./gather.ts"
export { begin } from "./generator.ts"
export { character, codeUnit } from "./intrinsics.ts"
export { keysOf } from "./keys.ts"
export { hold, yielded } from "./machine.ts"
export { beginKeys, stopKeys } from "./native-keys.ts"
export { accessorOf, entry, homed, objectOf } from "./objects.ts"
export { enter, poll, refill } from "./poll.ts"
export { makerOf, makers, making, methods, privateMethods, privates } from "./privates.ts"
export { Resources } from "./resources.ts"
export { handable, handed, spawnable, spawnDirectly } from "./spawner.ts"
export { deleteSuper, looseSuperOf, superOf } from "./supers.ts"
