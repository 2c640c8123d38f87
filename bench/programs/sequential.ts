/** The plain sequential programs beside which `forkjoin.bench.ts` measures; on a thread of its own, runs them when told to. */
import { parentPort } from "node:worker_threads"
import { plainFib } from "./fork-join.ts"
import { solutions } from "./queens.ts"
import { rootOf, T1, T3, type Tree, visit } from "./uts.ts"

export const sequential = {
  fib: () => plainFib(30),
  queens: () => solutions(12, 0, 0, 0),
  T1: () => nodesOf(T1),
  T3: () => nodesOf(T3),
}

/** So often one after the other. */
export interface Order {
  readonly name: keyof typeof sequential
  readonly times: number
}

function nodesOf(tree: Tree): number {
  return visit(tree, rootOf(tree), Number.POSITIVE_INFINITY).visited
}

parentPort?.on("message", ({ name, times }: Order) => {
  let sum = 0
  for (let left = times; left > 0; left--) sum += sequential[name]()
  parentPort?.postMessage(sum)
})
