/**
 * Owns the semicolons that a source leaves to the parser, which puts them where the next line cannot go on: behind
 * `f = () => {}` and `n++` a line may begin with `[`. A call that stands there instead, the line would go on.
 */
import type { Node } from "../2-analyze/nodes.ts"

const ENDED = new Set(["ExpressionStatement", "ReturnStatement", "ThrowStatement", "PropertyDefinition"])

/** The text of a node, with its semicolon if the node is one that ends with one wherever it stands. */
export function ended(source: string, node: Node, text: string): string {
  return ENDED.has(node.type) ? closed(source, node, text) : text
}

/** The same for what stands in `parent`: heads of loops have declarations too. */
export function endedIn(source: string, parent: Node, node: Node, text: string): string {
  return node.type === "VariableDeclaration" && !parent.type.startsWith("For") ? closed(source, node, text) : text
}

/** What ends as its source does, stays as it is. A block, which carries out a `return`, may stand in front of `else`. */
function closed(source: string, node: Node, text: string): string {
  const last = text.at(-1)
  return last === source[node.end - 1] || last === ";" || (last === "}" && node.type === "ReturnStatement")
    ? text
    : `${text};`
}
