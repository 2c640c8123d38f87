/**
 * Owns the question whether a round or an activation calls something by its text. What a call takes is not known: the next
 * one may take a million times as long as the last, and the budget was sized by that. So what calls looks at the clock's
 * word, which says that the slice is over, each time that it is counted; there that costs nothing.
 *
 * What runs code of the program without being a call (accessors, conversions of operands, traps of proxies) is no call here:
 * in rounds of one nanosecond, most of which are of that kind, the word would cost up to a half.
 */
import { branchesOf, isChain, isFunction, type Node, someChild, someOperand } from "./nodes.ts"
import { isLeaf } from "./suspends.ts"

/** The answer is kept at the node: it is asked anew at each level of a nest. */
const answer = Symbol("calls")
type Answered = Node & { [answer]?: boolean }

const calling = new Set([
  "NewExpression",
  "TaggedTemplateExpression",
  "ImportExpression",
  "ClassDeclaration",
  "ClassExpression",
])

/** Whether running the node itself (not functions inside it) calls something that is not known to be short. */
export function calls(node: Node | null | undefined): boolean {
  if (node === null || node === undefined || isLeaf(node) || isFunction(node)) return false
  const answered = node as Answered
  answered[answer] ??= compute(node)
  return answered[answer]
}

function compute(node: Node): boolean {
  if (calling.has(node.type) || (node.type === "CallExpression" && !isArithmetic(node.callee))) return true
  if (node.type === "VariableDeclaration" && (node.kind === "using" || node.kind === "await using")) return true
  if (isChain(node)) return someOperand(node, calls)
  if (node.type === "IfStatement") return branchesOf(node).some(calls)
  // what is called by `yield*` counts itself
  const called = node.type === "YieldExpression" && node.delegate ? node.argument : null
  if (called?.type === "CallExpression") return someChild(called, calls)
  return someChild(node, calls)
}

/** `Math.sqrt`: the engine computes that in place. */
function isArithmetic(callee: Node): boolean {
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" && callee.object.name === "Math"
}
