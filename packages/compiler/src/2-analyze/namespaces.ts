/** Owns what became of TypeScript's namespaces, `(function(_N) { … _N.g = g })(N || (N = {}))`: what stands in one is named with it. */
import { bare, type Node } from "./nodes.ts"

export interface Namespace {
  readonly fn: Node
  readonly name: string
  /** With those around it. */
  readonly path: string
}

/** The namespaces of a module by the function that each part became. */
export function namespacesOf(root: Node): ReadonlyMap<Node, Namespace> {
  const found = new Map<Node, Namespace>()
  const open: { readonly body: readonly Node[]; readonly around: string }[] = [{ body: root.body, around: "" }]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const statement of next.body) {
      const namespace = namespaceOf(statement, next.around)
      if (namespace === null) continue
      found.set(namespace.fn, namespace)
      open.push({ body: namespace.fn.body.body, around: `${namespace.path}.` })
    }
  return found
}

function namespaceOf(statement: Node, around: string): Namespace | null {
  const call = statement.type === "ExpressionStatement" ? bare(statement.expression) : statement
  if (call.type !== "CallExpression" || call.arguments.length !== 1) return null
  const fn = bare(call.callee)
  const given = bare(call.arguments[0])
  if (fn.type !== "FunctionExpression" || fn.id != null || fn.params[0]?.type !== "Identifier") return null
  if (given.type !== "LogicalExpression" || given.operator !== "||" || given.left.type !== "Identifier") return null
  const { name } = given.left
  return { fn, name, path: around + name }
}
