"use fibers"
/** What `forkjoin.bench.ts` measures: programs that split their work into children, down to a grain of plain code. */
import { type Fiber, type Resumable, spawn } from "rove"
import { solutions } from "./queens.ts"
import { hasSeveral, type Nodes, rootOf, split, T1, T3, visit } from "./uts.ts"

export function plainFib(n: number): number {
  return n < 2 ? n : plainFib(n - 1) + plainFib(n - 2)
}
export function* fib(n: number, cutoff: number): Resumable<number> {
  if (n <= cutoff) return plainFib(n)
  const left = yield* spawn(fib(n - 1, cutoff))
  const right = yield* fib(n - 2, cutoff)
  return (yield* left.join()) + right
}

export function* queens(size: number, depth: number, columns: number, left: number, right: number): Resumable<number> {
  if (depth === 0) return solutions(size, columns, left, right)
  const all = (1 << size) - 1
  const children: Fiber<number>[] = []
  for (let free = all & ~(columns | left | right); free !== 0; free &= free - 1) {
    const bit = free & -free
    children.push(yield* spawn(queens(size, depth - 1, columns | bit, ((left | bit) << 1) & all, (right | bit) >> 1)))
  }
  let count = 0
  for (let child = children.pop(); child !== undefined; child = children.pop()) count += yield* child.join()
  return count
}

export function* search(name: "T1" | "T3", grain: number): Resumable<number> {
  const tree = name === "T1" ? T1 : T3
  return yield* searchFrom(name, rootOf(tree), grain)
}
function* searchFrom(name: "T1" | "T3", nodes: Nodes, grain: number): Resumable<number> {
  const tree = name === "T1" ? T1 : T3
  const children: Fiber<number>[] = []
  let count = 0
  let rest = nodes
  while (rest.length > 0) {
    const done = visit(tree, rest, grain)
    count += done.visited
    rest = done.rest
    if (!hasSeveral(rest)) continue
    const [mine, theirs] = split(rest)
    rest = mine
    children.push(yield* spawn(searchFrom(name, theirs, grain)))
  }
  for (let child = children.pop(); child !== undefined; child = children.pop()) count += yield* child.join()
  return count
}
