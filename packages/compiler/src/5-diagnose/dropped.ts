/** Owns the rule: who calls a function and drops what it gives is given none that makes a computation or an operation. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { kindOf } from "./containers.ts"
import type { Subject } from "./finding.ts"
import { made, remedy } from "./made.ts"
import { property } from "./names.ts"
import { leaves, type Placed } from "./tree.ts"

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask"])
/** Methods of arrays that take a computation for true, or for a number. */
const TESTS = new Set("filter some every find findIndex findLast findLastIndex sort toSorted".split(" "))

export function* dropped(subject: Subject): Generator<Finding> {
  for (const { node } of subject.tree.calls) {
    const [given] = node.arguments
    const taker = given === undefined || given.type === "SpreadElement" ? null : takerOf(subject, bare(node.callee))
    const fn = taker === null ? null : subject.names.function(given)
    if (taker === null || fn === null) continue
    if (!fn.compiled) yield* results(subject, fn, taker)
    else
      yield {
        code: "ROVE_FORGOTTEN_YIELD",
        severity: "warning",
        message: `\`${taker}\` calls a generator function and does not perform what that makes: its body never runs`,
        hint: taker === "forEach" ? "write for (… of …) and yield* in its body" : "give it an ordinary function",
        offset: given.start,
      }
  }
}

/** What an ordinary function gives, which the one that calls it does not perform. */
function* results(subject: Subject, fn: Unit, taker: string): Generator<Finding> {
  if (fn.node.async === true || fn.node.generator === true) return
  const given: Placed[] = []
  if (fn.node.body.type !== "BlockStatement") leaves(fn.node.body, fn, given)
  else given.push(...subject.tree.returned.filter(({ unit }) => unit === fn))
  for (const placed of given) {
    const what = made(subject, placed)
    if (what === null) continue
    const message = `${what.words} is given to \`${taker}\`, which calls this function and does not perform what it gives`
    const hint = taker === "forEach" ? "write for (… of …) and yield* in its body" : remedy(subject, placed)
    yield { code: "ROVE_FORGOTTEN_YIELD", severity: "warning", message, hint, offset: placed.node.start }
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
