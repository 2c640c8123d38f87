/**
 * Owns the question "can this node stop the computation?", asked at the level of one compiled function.
 *
 * A yield, a loop (preemption) and an iteration (its `next` may stop the fiber) can. What cannot is emitted untouched.
 */
import { lackedBy } from "./lacked.ts"
import { bare, branchesOf, children, isChain, isClass, isFunction, type Node, someChild, someOperand } from "./nodes.ts"

/** The answer is kept at the node itself: a WeakMap took a tenth of the time of a compilation. */
const answer = Symbol("suspends")
type Answered = Node & { [answer]?: boolean }

/** Whether nodes of the type have nothing in them that could stop. Most nodes are such: comparing is faster than looking up. */
export function isLeaf({ type }: Node): boolean {
  return (
    type === "Identifier" ||
    type === "Literal" ||
    type === "ThisExpression" ||
    type === "Super" ||
    type === "TemplateElement" ||
    type === "PrivateIdentifier" ||
    type === "MetaProperty"
  )
}

const loops = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"])

/** Whether running the node itself (not functions inside it) can stop. */
export function suspends(node: Node | null | undefined): boolean {
  if (node === null || node === undefined || isLeaf(node)) return false
  const answered = node as Answered
  answered[answer] ??= compute(node)
  return answered[answer]
}

function compute(node: Node): boolean {
  if (node.type === "YieldExpression" || loops.has(node.type)) return true
  // its disposal is a region of ours: the variable may be one that closures share
  if (node.type === "VariableDeclaration" && node.kind === "using") return true
  if (node.type === "ArrayPattern" || (node.type === "SpreadElement" && !isKnownList(node.argument))) return true
  if (isChain(node)) return someOperand(node, suspends)
  if (node.type === "IfStatement") return branchesOf(node).some(suspends)
  if (isFunction(node)) return false
  if (isClass(node)) return classParts(node).some(suspends)
  return someChild(node, suspends)
}

/** A spread whose iteration cannot stop: of a literal. */
function isKnownList(node: Node): boolean {
  const n = bare(node)
  return (
    n.type === "ArrayExpression" ||
    n.type === "TemplateLiteral" ||
    (n.type === "Literal" && typeof n.value === "string")
  )
}

/** The parts of a class that are evaluated by the function around it. */
export function classParts(node: Node): Node[] {
  const parts: Node[] = node.superClass === null ? [] : [node.superClass]
  if (!keysStayInside(node)) for (const m of node.body.body) if (m.computed) parts.push(m.key)
  return parts
}

/** Whether some computed key uses a private name of the class, which has a meaning only in the class's own text. */
export function keysStayInside(node: Node): boolean {
  if (lackedBy(node) !== null) return false
  const members: Node[] = node.body.body
  const names = new Set(members.filter(m => m.key?.type === "PrivateIdentifier").map(m => m.key.name))
  const uses = (n: Node): boolean => (n.type === "PrivateIdentifier" && names.has(n.name)) || someChild(n, uses)
  return names.size > 0 && members.some(m => m.computed && uses(m.key))
}

/** Whether evaluating the class waits: then nothing can be put around it. */
export function waits(node: Node): boolean {
  return classParts(node).some(waitsInside) || keyWaits(node)
}

/** Whether a key that cannot be evaluated outside of the class waits. */
export function keyWaits(node: Node): boolean {
  return keysStayInside(node) && node.body.body.some((m: Node) => m.computed && waitsInside(m.key))
}

/** Whether something in it, functions aside, is a yield or an await. */
export function waitsInside(node: Node): boolean {
  if (node.type === "AwaitExpression" || node.type === "YieldExpression") return true
  return !isFunction(node) && someChild(node, waitsInside)
}

const compounds = new Set([
  "BlockStatement",
  "IfStatement",
  "LabeledStatement",
  "SwitchStatement",
  "TryStatement",
  ...loops,
])
const apart = Symbol("apart")

/** Whether something goes between the statements of this one. */
export function isApart(node: Node): boolean {
  return (node as Node & { [apart]?: true })[apart] === true
}

/** Has the compound statements of a function taken apart, though nothing in them stops: something goes between the statements. */
export function takeApart(node: Node): void {
  for (const child of children(node)) {
    if (isFunction(child) || isClass(child)) continue
    if (compounds.has(child.type)) Object.assign(child, { [answer]: true, [apart]: true })
    if ((child.type === "ForOfStatement" || child.type === "ForInStatement") && !compounds.has(child.body.type)) {
      const { body } = child
      const block: Node = { type: "BlockStatement", start: body.start, end: body.end, body: [body] }
      child.body = Object.assign(block, { [answer]: true })
    }
    takeApart(child)
  }
}

export function isLoop(node: Node): boolean {
  return loops.has(node.type)
}
