/** Owns the list of all mutations: one for each row of what moves and stays, and for invariants. */
import { BROKEN } from "./invariants.ts"
import { MOVES } from "./moves.ts"
import type { Mutation } from "./mutation.ts"
import { STAYS } from "./stays.ts"

export const MUTATIONS: readonly Mutation[] = [...MOVES, ...STAYS, ...BROKEN]
