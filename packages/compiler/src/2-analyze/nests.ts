/** Owns the question which loops stay native together: a nest is a loop in which nothing but loops can stop. */
import type { Node } from "./nodes.ts"
import { isApart, suspends } from "./suspends.ts"

/** The answer is kept at the node: it is asked anew at each level of a nest. */
const answer = Symbol("nests")
type Answered = Node & { [answer]?: boolean }

/** Loops that stop only where they begin a round: their parts, without what runs once before them. */
export function isPlainLoop(node: Node): boolean {
  return node.type === "ForStatement" || node.type === "WhileStatement" || node.type === "DoWhileStatement"
}

/** Whether the loop and all loops in it can be native, with their headers as resume points. Its `init` does not count. */
export function isNest(node: Node): boolean {
  return isPlainLoop(node) && !isApart(node) && !suspends(node.test) && !suspends(node.update) && nests(node.body)
}

/** Whether a statement of a nest's body can be printed with resume points inside it (or needs none). */
function nests(node: Node): boolean {
  const answered = node as Answered
  answered[answer] ??= compute(node)
  return answered[answer]
}

function compute(node: Node): boolean {
  if (!suspends(node)) return true
  switch (node.type) {
    case "BlockStatement":
      return node.body.every(nests)
    case "IfStatement":
      return !suspends(node.test) && nests(node.consequent) && (node.alternate === null || nests(node.alternate))
    case "LabeledStatement":
      return nests(node.body)
    default:
      return isNest(node) && !suspends(node.init)
  }
}

/** The loops of a nest or of a statement in it, in the order of the source. */
export function loopsOf(node: Node | null): Node[] {
  if (node === null || !suspends(node)) return []
  if (isPlainLoop(node)) return [node, ...loopsOf(node.body)]
  if (node.type === "BlockStatement") return node.body.flatMap(loopsOf)
  if (node.type === "IfStatement") return [...loopsOf(node.consequent), ...loopsOf(node.alternate)]
  return loopsOf(node.body)
}
