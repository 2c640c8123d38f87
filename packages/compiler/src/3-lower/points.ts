/**
 * Owns what resume points are called: by what stops there, not by where it stands, so that a point keeps its name when
 * other lines change; and the way to it through the tries and loops around.
 *
 * Equal words are numbered in the order of the source, and say how many there are: with one more or one less of them
 * nobody could tell which is which, so that all of them have another name then.
 */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Label } from "./builder.ts"
import type { Lowering } from "./lowering.ts"

const LOOPS: Readonly<Record<string, string>> = {
  WhileStatement: "while",
  DoWhileStatement: "do",
  ForStatement: "for",
  ForInStatement: "for-in",
  ForOfStatement: "for-of",
  ArrayPattern: "pattern",
  SpreadElement: "spread",
}

/** What stops at a node: `yield* look`, `yield`, `for-of`. Arguments are left out: a frame that waits for a call has passed them. */
export function wordsOf(node: Node): string {
  if (node.type !== "YieldExpression") return LOOPS[node.type] ?? node.type
  if (!node.delegate) return "yield"
  const operand = bare(node.argument)
  const name = operand.type === "CallExpression" ? nameOf(bare(operand.callee)) : nameOf(operand)
  return name === null ? "yield*" : `yield* ${name}`
}

/** `a.b.c`; null for what is no chain of names. */
function nameOf(node: Node): string | null {
  if (node.type === "Identifier") return node.name
  if (node.type === "ThisExpression") return "this"
  if (node.type === "Super") return "super"
  if (node.type === "PrivateIdentifier") return `#${node.name}`
  if (node.type !== "MemberExpression" || node.computed) return null
  const object = nameOf(bare(node.object))
  return object === null ? null : `${object}.${nameOf(node.property)}`
}

/** What matters of the surroundings of a point; blocks and switches may change. */
const STEPS: Readonly<Record<string, string>> = {
  loop: "loop",
  catch: "try",
  finally: "try-finally",
  handling: "handling",
}

/** The tries, loops and handlers around the present place, from the outside in. */
export function pathOf(l: Lowering): string[] {
  const path: string[] = []
  for (const { type } of l.surroundings) {
    const step = STEPS[type]
    if (step !== undefined) path.push(step)
  }
  return path
}

/** The names of the points of one function. */
export function pointIds(labels: readonly Label[]): string[] {
  const totals = new Map<string, number>()
  for (const { what } of labels) totals.set(what, (totals.get(what) ?? 0) + 1)
  const seen = new Map<string, number>()
  return labels.map(({ what }) => {
    const total = totals.get(what) as number
    if (total === 1) return what
    const n = (seen.get(what) ?? 0) + 1
    seen.set(what, n)
    return `${what} ${n} of ${total}`
  })
}
