/** Owns the question which loops stay native together: a nest is a loop in which nothing but loops can stop. */
import type { Analysis } from "./bindings.ts"
import { flatHead } from "./flat.ts"
import { isFunction, type Node, someChild } from "./nodes.ts"
import { isApart, isLoop, suspends } from "./suspends.ts"

/** The answer is kept at the node: it is asked anew at each level of a nest. */
const answer = Symbol("nests")
type Answered = Node & { [answer]?: boolean }

/** Loops over a cursor. */
export function isIteration(node: Node): boolean {
  return node.type === "ForOfStatement" || node.type === "ForInStatement"
}

/** Whether the loop and all loops in it can be native, with their headers as resume points. What it does once does not count. */
export function isNest(analysis: Analysis, node: Node): boolean {
  if (!isLoop(node) || isApart(node)) return false
  const parts = isIteration(node) ? flatHead(analysis, node) === null && suspends(node.left) : suspends(node.test)
  return !parts && !suspends(node.update) && nests(analysis, node.body)
}

/** Whether the engine can run the `for-in`: nothing in its body can stop, so it stops at most between two rounds. */
export function isNativeForIn(analysis: Analysis, node: Node): boolean {
  return node.type === "ForInStatement" && isNest(analysis, node) && !suspends(node.body)
}

/** Whether a statement of a nest's body can be printed with resume points inside it (or needs none). */
function nests(analysis: Analysis, node: Node): boolean {
  const answered = node as Answered
  answered[answer] ??= compute(analysis, node)
  return answered[answer]
}

function compute(analysis: Analysis, node: Node): boolean {
  if (!suspends(node)) return true
  switch (node.type) {
    case "BlockStatement":
      return node.body.every((s: Node) => nests(analysis, s))
    case "IfStatement":
      return (
        !suspends(node.test) &&
        nests(analysis, node.consequent) &&
        (node.alternate === null || nests(analysis, node.alternate))
      )
    case "LabeledStatement":
      return nests(analysis, node.body)
    default:
      return isNest(analysis, node) && !suspends(node.init) && !suspends(node.right)
  }
}

export interface NestedLoop {
  readonly node: Node
  readonly labels: readonly string[]
}

/** The outermost loops of a statement of a nest, in the order of the source. */
export function loopsOf(node: Node | null, labels: readonly string[] = []): NestedLoop[] {
  if (node === null || !suspends(node)) return []
  if (isLoop(node)) return [{ node, labels }]
  if (node.type === "BlockStatement") return node.body.flatMap((s: Node) => loopsOf(s))
  if (node.type === "IfStatement") return [...loopsOf(node.consequent), ...loopsOf(node.alternate)]
  return loopsOf(node.body, [...labels, node.label.name])
}

/** The statement behind its labels. */
export function unlabelled(node: Node): Node {
  return node.type === "LabeledStatement" ? unlabelled(node.body) : node
}

/** Whether a jump leads out of the loop, so that an iteration has to be closed. */
export function isLeft({ node, labels }: NestedLoop): boolean {
  return leaves(node.body, { own: labels, inner: [], breaks: 0 })
}

/** What stands between a jump and the loop's body. */
interface Within {
  readonly own: readonly string[]
  readonly inner: readonly string[]
  /** How many loops and switches. */
  readonly breaks: number
}

function leaves(node: Node, within: Within): boolean {
  if (isFunction(node)) return false
  const { own, inner, breaks } = within
  const name: string | undefined = node.label?.name
  switch (node.type) {
    case "ReturnStatement":
      return true
    case "BreakStatement":
      return name === undefined ? breaks === 0 : !inner.includes(name)
    case "ContinueStatement":
      return name !== undefined && !inner.includes(name) && !own.includes(name)
    case "LabeledStatement":
      return leaves(node.body, { ...within, inner: [...inner, name as string] })
  }
  const deeper = isLoop(node) || node.type === "SwitchStatement" ? { ...within, breaks: breaks + 1 } : within
  return someChild(node, child => leaves(child, deeper))
}
