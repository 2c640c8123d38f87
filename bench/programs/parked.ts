"use fibers"
/** What `parked.bench.ts` measures: fibers that wait, each with a local that it goes on with. */
import { detach, type Resumable, sleep } from "rove"
import { arrived } from "./arrivals.ts"

function* sleeper(n: number): Resumable<number> {
  arrived()
  yield* sleep(Number.POSITIVE_INFINITY)
  return n
}

/** Starts so many fibers that sleep for ever, and ends before them; keeps no handle of them. */
export function* crowd(fibers: number): Resumable<void> {
  for (let i = 0; i < fibers; i++) yield* detach(sleeper(i))
}
