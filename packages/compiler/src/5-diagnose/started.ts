/** Owns the rule: what fibers are started of is a computation of a compiled generator function, or a function that gives one. */

import type { Unit } from "../2-analyze/bindings.ts"
import { isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { calleeOf } from "./spawned.ts"
import { branchesOf, starterOf, startsOf, type Taken } from "./starters.ts"
import { leaves, type Placed } from "./tree.ts"
import { unsavable } from "./unsavable.ts"

interface Wrong {
  readonly is: string
  readonly hint: string
}

export function* started(subject: Subject): Generator<Finding> {
  for (const { node } of subject.tree.calls) {
    const starter = node.arguments.length === 0 ? null : starterOf(subject, node)
    if (starter === null) continue
    const { name, takes } = starter
    for (const given of computationsOf(subject, node, takes)) yield* told(name, given, wrongWith(subject, given, takes))
    for (const given of functionsOf(subject, node, takes)) yield* ofFunction(subject, name, given)
  }
}

function computationsOf(subject: Subject, call: Node, takes: Taken): readonly Node[] {
  if (takes === "computation") return [call.arguments[0]]
  return takes === "branches" ? branchesOf(subject, call) : []
}

function functionsOf(subject: Subject, call: Node, takes: Taken): readonly Node[] {
  if (takes === "children") return startsOf(subject, call)
  return takes === "function" || takes === "combiner" ? call.arguments.slice(1, 2) : []
}

function* told(name: string, { start }: Node, wrong: Wrong | null): Generator<Finding> {
  if (wrong === null) return
  const message = `\`${name}\` is given ${wrong.is}`
  yield { code: "ROVE_NOT_COMPILED", severity: "warning", message, hint: wrong.hint, offset: start }
}

/** A function that is called for each computation: itself, and what it gives. */
function* ofFunction(subject: Subject, name: string, given: Node): Generator<Finding> {
  const unit = subject.names.function(given)
  if (unit === null) return
  const wrong = wrongFunction(unit)
  if (wrong !== null || unit.node.generator) yield* told(name, given, wrong)
  else for (const { node } of resultsOf(subject, unit)) yield* told(name, node, wrongWith(subject, node, "function"))
}

function resultsOf({ tree }: Subject, unit: Unit): readonly Placed[] {
  if (unit.node.body.type === "BlockStatement") return tree.returned.filter(placed => placed.unit === unit)
  const found: Placed[] = []
  leaves(unit.node.body, unit, found)
  return found
}

const STAR = "make it a generator (`function*`), with `yield* wait(promise)` in place of `await`"

function wrongFunction({ node: { generator, async }, compiled }: Unit): Wrong | null {
  if (async)
    return generator
      ? { is: "an async generator function, which stays native", hint: STAR }
      : { is: "an async function, which gives a promise", hint: STAR }
  return generator && !compiled ? native("a generator that stays native") : null
}

const native = (is: string): Wrong => ({
  is,
  hint: "a fiber runs compiled generators; see what is said about the generator itself",
})

function wrongWith(subject: Subject, given: Node, takes: Taken): Wrong | null {
  const value = subject.names.value(given)
  if (isFunction(value))
    return { is: "a function", hint: "call it: `f(args)` is the computation that has not begun, and this takes that" }
  const unit = value.type === "CallExpression" ? calleeOf(subject, value) : null
  if (unit?.node.async === true && unit.node.generator)
    return { is: "an async generator, which stays native", hint: STAR }
  if (unit?.node.async === true || unsavable(subject, value) === "a promise") return promise(unit !== null, takes)
  return unit?.node.generator && !unit.compiled ? native("a computation of a generator that stays native") : null
}

/** `own`: of an async function of the module, which can be changed. */
function promise(own: boolean, takes: Taken): Wrong {
  const wait =
    takes === "computation"
      ? "wait for it with `yield* wait(promise)`"
      : "`wait(promise)` is an operation that waits for it"
  return {
    is: own ? "the promise of an async function" : "a promise",
    hint: own ? `${wait}, or make it a generator (\`function*\`)` : wait,
  }
}
