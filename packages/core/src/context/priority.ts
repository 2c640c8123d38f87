/** Owns the priorities of fibers: their names, and the numbers by which they are kept. */
import { RecordError } from "../codec/errors.ts"

export type Priority = "low" | "normal" | "high"
/** By number: the higher goes first. */
export const PRIORITIES: readonly Priority[] = ["low", "normal", "high"]
export const NORMAL = 1

/** What a record says; throws if it is none. */
export function readPriority(given: number, from: number): number {
  if (given < PRIORITIES.length) return given
  throw new RecordError(from, `no priority: ${given}`)
}
