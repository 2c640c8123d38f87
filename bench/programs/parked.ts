"use fibers"
/** What `parked.bench.ts` measures: fibers that wait, each with a local that it goes on with. */
import { type Resumable, sleep, spawn } from "rove"
import { arrived } from "./arrivals.ts"

function* sleeper(n: number): Resumable<number> {
  arrived()
  yield* sleep(Number.POSITIVE_INFINITY)
  return n
}

/** Spawns so many fibers that sleep for ever, and keeps no handle of them. */
export function* crowd(fibers: number): Resumable<void> {
  for (let i = 0; i < fibers; i++) yield* spawn(sleeper(i))
}
