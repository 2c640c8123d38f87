"use fibers"
/** What `yield.bench.ts` measures: a producer that only yields, and a consumer that only iterates. */
import type { Resumable } from "rove"

export function* count(n: number): Generator<number, void, number | undefined> {
  for (let i = 0; i < n; i++) yield i
}

export function* sumOf(n: number): Resumable<number> {
  let sum = 0
  for (const value of count(n)) sum = (sum + value) | 0
  return sum
}
