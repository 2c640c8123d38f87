/** Owns a storm of deaths: what all of its fibers come to, of which some end the thread that they run on. */
import { FiberInterrupted, WorkerLost } from "@rove/core"
import type { Pool } from "@rove/scheduler"
import { expect } from "vitest"
import { exit, fan, fib, plainFib } from "./programs.ts"

/** How each ended; a promise can end only once, so what is checked is that all do. */
export async function ends(runs: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(runs)
  return settled.map(end =>
    end.status === "fulfilled"
      ? "returned"
      : end.reason instanceof WorkerLost
        ? "lost"
        : end.reason instanceof FiberInterrupted
          ? "interrupted"
          : `failed: ${end.reason}`,
  )
}

/** Two threads die in each round; everything ends, and what returns is right. */
export async function storm(pool: Pool, rounds: number): Promise<void> {
  let lost = 0
  for (let round = 0; round < rounds; round++) {
    const trees = Array.from({ length: 12 }, () => pool.run(fib(16, 4)))
    const fans = Array.from({ length: 4 }, () => pool.run(fan(8, 30_000)))
    const killers = ends(Array.from({ length: 2 }, () => pool.run(exit(round))))
    const results = await Promise.allSettled([...trees, ...fans])
    for (const [i, end] of results.entries())
      if (end.status === "rejected") {
        expect(end.reason).toBeInstanceOf(WorkerLost)
        lost++
      } else if (i < 12) expect(end.value).toBe(plainFib(16))
    expect(await killers).toEqual(["lost", "lost"])
  }
  expect(pool.stats().pending).toBe(0)
  expect(pool.stats().deaths).toBe(2 * rounds)
  expect(lost).toBeLessThan(16 * rounds)
  expect(await pool.run(fib(15, 3))).toBe(plainFib(15))
}
