"use fibers"
/** What `calls.bench.ts` measures: a call is nothing but `yield*`. */
import type { Resumable } from "rove"

export function* fib(n: number): Resumable<number> {
  return n < 2 ? n : (yield* fib(n - 1)) + (yield* fib(n - 2))
}
