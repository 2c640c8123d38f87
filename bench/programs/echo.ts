"use fibers"
/** What `throughput.bench.ts` measures: a computation that does nothing. */
import type { Resumable } from "rove"

export function* echo(value: number): Resumable<number> {
  return value
}
