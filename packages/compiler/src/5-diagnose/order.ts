/** Owns the question whether one part of a function surely, maybe or never runs after another one in the same call. */
import type { Binding } from "../2-analyze/bindings.ts"
import { isFunction, type Node, someChild } from "../2-analyze/nodes.ts"
import { isLoop } from "../2-analyze/suspends.ts"
import type { Tree } from "./tree.ts"

/** All that is asked of a variable; of `this`, the function that has it. */
type Variable = Pick<Binding, "scope">

export type Order = "surely" | "maybe" | "never"

const leaps = new Set(["ReturnStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"])

/**
 * Whether the assignment `later` changes the same variable that `first` saw, having run. A turn of a loop that makes a
 * variable of its own for each turn is nothing to it.
 */
export function runsAfter(tree: Tree, first: Node, later: Node, binding: Variable): Order {
  const up = tree.around(first)
  const down = tree.around(later)
  const common = up.find(n => down.includes(n))
  if (common === undefined) return "never"
  const direct = along(up, down, common, binding)
  if (direct !== "never") return direct
  const { scope } = binding
  const again = tree
    .around(common)
    .some(n => isLoop(n) && n !== scope.node && !(scope.node.start >= n.start && scope.node.end <= n.end))
  return again ? "maybe" : "never"
}

function along(up: Node[], down: Node[], common: Node, binding: Variable): Order {
  const from = up[up.indexOf(common) - 1]
  const to = down[down.indexOf(common) - 1]
  // one contains the other: `x = yield* spawn(…)` assigns when its value is there
  if (to === undefined) return common.type === "AssignmentExpression" && from === common.right ? "surely" : "never"
  if (from === undefined) return "never"
  const order = between(common, from, to, binding)
  if (order !== "surely") return order
  if (!completes(up.slice(0, up.indexOf(common)))) return common.type === "TryStatement" ? "maybe" : leaving(up, common)
  const passes = !behindUpTo(common, from, to).some(canLeap)
  const way = down.slice(0, down.indexOf(common))
  const reaches = way.slice(0, -1).every((n, k) => isUnconditional(way[k + 1] as Node, n))
  return passes && reaches && (listOf(common) !== null || isUnconditional(common, to)) ? "surely" : "maybe"
}

/** The order of two parts of a construct. */
function between(common: Node, from: Node, to: Node, binding: Variable): Order {
  switch (common.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return from === common.test ? "surely" : "never"
    case "TryStatement":
      if (to === common.finalizer) return "surely"
      return from === common.block && to === common.handler ? "maybe" : "never"
    case "SwitchStatement":
      if (from === common.discriminant) return "surely"
      return from.start < to.start && to !== common.discriminant ? "maybe" : "never"
    case "ForStatement":
      if (to === common.init || from === to) return "never"
      if (to === common.update) return binding.scope.node === common ? "never" : "surely"
      return from === common.update || (from === common.body && to === common.test) ? "maybe" : "surely"
    case "ForInStatement":
    case "ForOfStatement":
      return from === common.right ? "surely" : "never"
    case "DoWhileStatement":
      return from === common.body ? "surely" : "never"
    case "WhileStatement":
      return from === common.test ? "surely" : "never"
  }
  return from.start < to.start ? "surely" : "never"
}

/** Whether what is behind it, on the way out, surely lets it go on. */
function completes(way: readonly Node[]): boolean {
  return way.every((n, i) => {
    const parent = way[i + 1]
    return !leaps.has(n.type) && (parent === undefined || !behind(parent, n).some(canLeap))
  })
}

/** The parts of a construct that decide how it ends when one of them has run. */
function behind(parent: Node, part: Node): (Node | null)[] {
  // behind a `finally` goes on what was on its way
  if (parent.type === "TryStatement")
    return part === parent.finalizer ? [parent.block, parent.handler] : [parent.finalizer]
  const list = listOf(parent)
  return list === null ? [] : list.slice(list.indexOf(part) + 1)
}

/** It may leave before: whether always, only a `return` or `throw` around it tells. */
function leaving(up: readonly Node[], common: Node): Order {
  const way = up.slice(0, up.indexOf(common))
  return way.some(n => n.type === "ReturnStatement" || n.type === "ThrowStatement") ? "never" : "maybe"
}

/** Statements between two parts of a list. */
function behindUpTo(common: Node, from: Node, to: Node): Node[] {
  const list = listOf(common)
  return list === null ? [] : list.slice(list.indexOf(from) + 1, list.indexOf(to))
}

/** Whether a part of a construct runs whenever the construct does; conditions may go together with others. */
function isUnconditional(parent: Node, part: Node): boolean {
  switch (parent.type) {
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
      return part === parent.test
    case "ForStatement":
      return part === parent.init || part === parent.test || part === parent.update
    case "ForInStatement":
    case "ForOfStatement":
      return part === parent.right
    case "LogicalExpression":
      return part === parent.left
    case "AssignmentExpression":
      return part === parent.left || !/^(?:&&|\|\||\?\?)=$/.test(parent.operator)
    case "TryStatement":
      return part !== parent.handler
    case "SwitchStatement":
      return part === parent.discriminant
    case "AssignmentPattern":
      return part === parent.left
    case "ChainExpression":
      return false
  }
  const list = listOf(parent)
  return list === null || !list.slice(0, list.indexOf(part)).some(canLeap)
}

function listOf(node: Node): Node[] | null {
  if (node.type === "SwitchCase") return node.consequent
  if (node.type === "SwitchStatement") return node.cases
  return Array.isArray(node.body) ? node.body : null
}

function canLeap(node: Node | null): boolean {
  if (node === null) return false
  if (leaps.has(node.type)) return true
  return !isFunction(node) && someChild(node, canLeap)
}
