/** Owns the list of all mutations: one for each row of what moves and stays, for invariants, and for the scheduler. */
import { BROKEN } from "./invariants.ts"
import { MOVES } from "./moves.ts"
import type { Mutation } from "./mutation.ts"
import { SCHEDULER } from "./scheduler.ts"
import { STAYS } from "./stays.ts"

export const MUTATIONS: readonly Mutation[] = [...MOVES, ...STAYS, ...BROKEN, ...SCHEDULER]
