"use fibers"
/** What `skynet.bench.ts` measures: each fiber has ten children, and adds up what they give; the leaves give their numbers. */
import { all, type Fiber, type Resumable, spawn } from "rove"

/** Children are spawned, and joined in their order. */
export function* joined(from: number, leaves: number): Resumable<number> {
  if (leaves === 1) return from
  const part = leaves / 10
  const children: Fiber<number>[] = []
  for (let i = 0; i < 10; i++) children.push(yield* spawn(joined(from + i * part, part)))
  let sum = 0
  for (const child of children) sum += yield* child.join()
  return sum
}

/** The same by `all`. */
export function* together(from: number, leaves: number): Resumable<number> {
  if (leaves === 1) return from
  const part = leaves / 10
  const branches: Resumable<number>[] = []
  for (let i = 0; i < 10; i++) branches.push(together(from + i * part, part))
  let sum = 0
  for (const value of yield* all(branches)) sum += value
  return sum
}
