"use fibers"
/** What `depth.bench.ts` measures: yields beneath many calls, deep recursion, and fibers that only wait. */
import { detach, type Fiber, type Resumable, sleep } from "rove"
import { arrived } from "./arrivals.ts"

/** Yields for ever, beneath `depth` calls. */
export function* nest(depth: number): Generator<number, number, unknown> {
  if (depth > 0) return 1 + (yield* nest(depth - 1))
  for (let i = 0; ; i++) yield i
}

/** Goes so many calls deep, and counts them on the way back. */
export function* descend(depth: number): Resumable<number> {
  return depth === 0 ? 0 : 1 + (yield* descend(depth - 1))
}

function* parked(): Resumable<number> {
  arrived()
  yield* sleep(Number.POSITIVE_INFINITY)
  return 0
}

/** Children that wait for ever. */
export function* park(count: number): Resumable<readonly Fiber<number>[]> {
  const children: Fiber<number>[] = []
  for (let i = 0; i < count; i++) children.push(yield* detach(parked()))
  return children
}
