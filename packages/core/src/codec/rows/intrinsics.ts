/** Owns the list of the language's own classes whose instances are portable, by prototype. */

import { Closure } from "../../code.ts"
import type { Plan } from "../plan.ts"
import { BUFFERS } from "./buffers.ts"
import { closurePlan } from "./code.ts"
import { COLLECTIONS } from "./collections.ts"
import { CONTEXTS } from "./context.ts"
import { ERRORS } from "./errors.ts"
import { methodPlan } from "./members.ts"
import { RECORDS } from "./stopped.ts"

export interface Intrinsic {
  readonly prototype: object
  /** Whether the object really is one, whatever its prototype says. */
  brand(value: object): boolean
  plan(value: object): Plan
}

export const INTRINSICS: ReadonlyMap<object, Intrinsic> = new Map(
  [
    ...COLLECTIONS,
    ...BUFFERS,
    ...ERRORS,
    ...CONTEXTS,
    ...RECORDS,
    {
      prototype: Closure.prototype,
      // a function at module level is no object of its own
      brand: (value: object) => value instanceof Closure && value.code.single !== value,
      plan: (value: object) => ((value as Closure).owner === null ? closurePlan : methodPlan)(value as Closure),
    },
  ].map(intrinsic => [intrinsic.prototype, intrinsic]),
)
