"use fibers"
/** What `loop.bench.ts` measures: a loop that never yields, and can be preempted all the same. */
import type { Resumable } from "rove"

export function* spin(n: number): Resumable<number> {
  let s = 0
  for (let i = 0; i < n; i++) s = (s + i * 7) ^ (i >> 3)
  return s
}

export function* collatz(limit: number): Resumable<number> {
  let longest = 0
  for (let start = 1; start < limit; start++) {
    let steps = 0
    for (let n = start; n !== 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1
    if (steps > longest) longest = steps
  }
  return longest
}
