/** Owns the question whether one part of a function surely, maybe or never runs after another one in the same call. */
import type { Binding } from "../2-analyze/bindings.ts"
import { children, isFunction, type Node } from "../2-analyze/nodes.ts"
import { isLoop } from "../2-analyze/suspends.ts"
import type { Tree } from "./tree.ts"

export type Order = "surely" | "maybe" | "never"

const leaps = new Set(["ReturnStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"])

/**
 * Whether the assignment `later` changes the same variable that `first` saw, having run. A turn of a loop that makes a
 * variable of its own for each turn is nothing to it.
 */
export function runsAfter(tree: Tree, first: Node, later: Node, binding: Binding): Order {
  const up = tree.around(first)
  const down = tree.around(later)
  const common = up.find(n => down.includes(n))
  if (common === undefined) return "never"
  const direct = along(tree, up, down, common, binding)
  if (direct !== "never") return direct
  const { scope } = binding
  const again = tree
    .around(common)
    .some(n => isLoop(n) && n !== scope.node && !(scope.node.start >= n.start && scope.node.end <= n.end))
  return again ? "maybe" : "never"
}

function along(tree: Tree, up: Node[], down: Node[], common: Node, binding: Binding): Order {
  const from = up[up.indexOf(common) - 1]
  const to = down[down.indexOf(common) - 1]
  // one contains the other: `x = yield* spawn(…)` assigns when its value is there
  if (to === undefined) return common.type === "AssignmentExpression" && from === common.right ? "surely" : "never"
  if (from === undefined) return "never"
  const order = between(common, from, to, binding)
  if (order !== "surely") return order
  if (!completes(up.slice(0, up.indexOf(common)), tree))
    return common.type === "TryStatement" ? "maybe" : leaving(up, common)
  return isPassed(common, from, to) ? "surely" : "maybe"
}

/** The order of two parts of a construct. */
function between(common: Node, from: Node, to: Node, binding: Binding): Order {
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

/** Whether the statements behind it, on the way out, let it go on. */
function completes(way: readonly Node[], tree: Tree): boolean {
  return way.every((n, i) => {
    if (leaps.has(n.type)) return false
    const parent = way[i + 1] ?? tree.parent(n)
    if (i === way.length - 1 || parent === null) return true
    const list = listOf(parent)
    return list === null || list.slice(list.indexOf(n) + 1).every(s => !canLeap(s))
  })
}

/** It may leave before: whether always, only a `return` or `throw` around it tells. */
function leaving(up: readonly Node[], common: Node): Order {
  const way = up.slice(0, up.indexOf(common))
  return way.some(n => n.type === "ReturnStatement" || n.type === "ThrowStatement") ? "never" : "maybe"
}

/** Nothing between the two leaps away. */
function isPassed(common: Node, from: Node, to: Node): boolean {
  const list = listOf(common)
  if (list === null) return true
  return list.slice(list.indexOf(from) + 1, list.indexOf(to)).every(s => !leaps.has(s.type))
}

function listOf(node: Node): Node[] | null {
  if (node.type === "SwitchCase") return node.consequent
  return Array.isArray(node.body) ? node.body : null
}

function canLeap(node: Node): boolean {
  if (leaps.has(node.type)) return true
  return !isFunction(node) && children(node).some(canLeap)
}
