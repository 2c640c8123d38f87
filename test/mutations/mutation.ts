/** Owns what a mutation is: a change of Rove's source, and the tests that must notice it. */

export interface Mutation {
  /** The row or invariant whose test is tried. */
  readonly of: string
  readonly what: string
  /** Below `packages`. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** Test file, and of its tests those that have this in their names: `suite > test`. */
  readonly test: string
  readonly named: string
}

/** Files of tests that most of them name. */
export const STATE = "test/state/state.test.ts"
export const GOING_ON = "test/state/going-on.test.ts"
export const INVARIANTS = "test/invariants/invariants.test.ts"
export const RECORDS = "test/invariants/records.test.ts"

/** Below `packages`. */
export const STOPPED = "core/src/codec/rows/stopped.ts"
export const CONTEXT = "core/src/codec/rows/context.ts"
