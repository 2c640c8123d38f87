/** Owns the rule: a compiled generator function is not given to one that calls it and drops the computation. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { kindOf } from "./containers.ts"
import type { Subject } from "./finding.ts"
import { property } from "./names.ts"

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask"])
/** Methods of arrays that take a computation for true, or for a number. */
const TESTS = new Set("filter some every find findIndex findLast findLastIndex sort toSorted".split(" "))

export function* dropped(subject: Subject): Generator<Finding> {
  for (const { node } of subject.tree.calls) {
    const [given] = node.arguments
    const fn = given === undefined || given.type === "SpreadElement" ? null : subject.names.function(given)
    const taker = fn?.compiled ? takerOf(subject, bare(node.callee)) : null
    if (taker === null) continue
    yield {
      code: "ROVE_FORGOTTEN_YIELD",
      severity: "warning",
      message: `\`${taker}\` calls a generator function and does not perform what that makes: its body never runs`,
      hint: taker === "forEach" ? "write for (… of …) and yield* in its body" : "give it an ordinary function",
      offset: given.start,
    }
  }
}

/** The name of the language's function that the callee is. */
function takerOf({ names, ...rest }: Subject, callee: Node): string | null {
  const global = names.global(callee)
  if (global !== null) return TIMERS.has(global) ? global : null
  const method = callee.type === "MemberExpression" ? property(callee) : null
  if (method === null) return null
  if (method === "nextTick") return names.global(callee.object) === "process" ? "process.nextTick" : null
  if (method !== "forEach" && !TESTS.has(method)) return null
  const object = names.value(callee.object)
  const kind = kindOf({ names, ...rest }, object)
  if (method === "forEach") return kind === "Object" || (kind === null && isMade(object)) ? null : method
  return kind === "Array" ? method : null
}

/** An instance of a class: what its `forEach` does is its own affair. Of what nothing is known, it is taken for the language's. */
function isMade({ type }: Node): boolean {
  return type === "NewExpression" || type === "ThisExpression" || type === "Super"
}
