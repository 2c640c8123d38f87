/** Owns sources that nest deeper than the compiler's own stack reaches: they are an error with a place, not an overflow. */
import type { Program } from "oxc-parser"
import { children, type Node } from "./2-analyze/nodes.ts"
import type { Finding } from "./diagnostics.ts"

/** Runs a step of the compiler over a program; `refuse` is told where it is deepest if it is too deep. */
export function bounded<T>(program: Program, refuse: (finding: Finding) => never, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!isOverflow(error)) throw error
    return refuse(tooDeep(program as Node))
  }
}

function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack")
}

function tooDeep(program: Node): Finding {
  const { node, depth } = deepest(program)
  return {
    code: "ROVE_UNSUPPORTED",
    severity: "error",
    message: `the source is nested ${depth} levels deep here, which is deeper than the compiler reaches`,
    hint: "put an inner part into a variable or a function of its own",
    offset: node.start,
  }
}

interface Place {
  readonly node: Node
  readonly depth: number
}

function deepest(program: Node): Place {
  let found: Place = { node: program, depth: 0 }
  const open: Place[] = [found]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (place.depth > found.depth) found = place
    for (const child of children(place.node)) open.push({ node: child, depth: place.depth + 1 })
  }
  return found
}
