/** Owns the question which functions of the module a `spawn` takes a copy of, with the variables that they capture. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { property } from "./names.ts"
import { isWithin } from "./tree.ts"

export interface Spawn {
  /** The call of `spawn`. */
  readonly call: Node
  /** The function in which it stands. */
  readonly unit: Unit
  /** Functions of which the child surely gets its own. */
  readonly copied: ReadonlySet<Unit>
}

/** Whether the call is one of `spawn`, by whatever name it was imported. */
export function isSpawn({ names }: Subject, call: Node): boolean {
  return names.ofRove(call.callee) === "spawn"
}

export function spawnsOf(subject: Subject): Spawn[] {
  const result: Spawn[] = []
  for (const { node, unit } of subject.tree.calls) {
    if (!isSpawn(subject, node) || node.arguments.length === 0) continue
    const copied = new Set<Unit>()
    given(subject, node.arguments[0], copied)
    for (const one of copied) companions(subject, one, copied)
    if (copied.size > 0) result.push({ call: node, unit, copied })
  }
  return result
}

/** An unstarted computation: its function, and the functions among its arguments. */
function given(subject: Subject, expression: Node, into: Set<Unit>): void {
  const node = subject.names.value(expression)
  switch (node.type) {
    case "CallExpression": {
      const unit = calleeOf(subject, node)
      if (unit !== null) into.add(unit)
      for (const argument of node.arguments) handedOver(subject, argument, into)
      break
    }
    case "ConditionalExpression":
      given(subject, node.consequent, into)
      given(subject, node.alternate, into)
      break
    case "LogicalExpression":
      given(subject, node.left, into)
      given(subject, node.right, into)
  }
}

/** The function that is called: `f()`, `f.call(x)`, `(function* () {})()`. */
export function calleeOf({ names }: Subject, call: Node): Unit | null {
  const callee = bare(call.callee)
  const direct = names.function(callee)
  if (direct !== null) return direct
  if (callee.type !== "MemberExpression") return null
  const name = property(callee)
  return name === "call" || name === "apply" ? names.function(callee.object) : null
}

/** A value that is cloned for the child. */
function handedOver(subject: Subject, expression: Node, into: Set<Unit>): void {
  const node = bare(expression)
  const unit = subject.names.function(node)
  if (unit !== null) into.add(unit)
  else if (node.type === "ArrayExpression") {
    for (const e of node.elements) if (e !== null) handedOver(subject, e, into)
  } else if (node.type === "ObjectExpression") {
    for (const p of node.properties) if (p.type === "Property" && p.kind === "init") handedOver(subject, p.value, into)
  } else if (node.type === "CallExpression" && calleeOf(subject, node)?.node.generator === true)
    given(subject, node, into)
}

/** Local functions that a copied one calls are copied with it. */
function companions({ module, tree, names }: Subject, unit: Unit, into: Set<Unit>): void {
  for (const binding of unit.captures) {
    for (const ref of binding.refs) {
      if (!isWithin(ref.unit, unit)) continue
      const call = tree.taker(ref.node)
      if (call?.type !== "CallExpression" || bare(call.callee) !== ref.node) continue
      const callee = names.function(ref.node)
      if (callee !== null && isFunction(callee.node) && callee.parent !== module.analysis.program) into.add(callee)
    }
  }
}
