"use fibers"
/** What `parked.bench.ts` measures: fibers that wait, each with a local that it goes on with. */
import { type Resumable, sleep, spawn } from "rove"

function* sleeper(n: number): Resumable<number> {
  yield* sleep(Number.POSITIVE_INFINITY)
  return n
}

/** Spawns so many fibers that sleep for ever, keeps no handle of them, and ends when all are parked. */
export function* crowd(fibers: number): Resumable<void> {
  for (let i = 0; i < fibers; i++) yield* spawn(sleeper(i))
  yield* sleep(1)
}
