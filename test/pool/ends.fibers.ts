"use fibers"
/** What `ends.test.ts` runs. */
import { type Fiber, migrateTo, type Resumable, spawn } from "@rove/fibers"

function* same(n: number): Resumable<number> {
  return n
}

/** Joins its children from another thread than theirs, and then the first of them once more. */
export function* rejoins(there: number, count: number): Resumable<{ sum: number; again: string }> {
  const fibers: Fiber<number>[] = []
  for (let i = 0; i < count; i++) fibers.push(yield* spawn(same(i)))
  yield* migrateTo(there)
  let sum = 0
  for (const fiber of fibers) sum += yield* fiber.join()
  try {
    return { sum, again: `${yield* (fibers[0] as Fiber<number>).join()}` }
  } catch (error) {
    return { sum, again: (error as { code: string }).code }
  }
}
