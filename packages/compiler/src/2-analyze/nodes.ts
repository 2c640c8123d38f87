/** Owns the view of syntax nodes that the compiler works with, and generic walking over them. */

import { visitorKeys } from "oxc-parser"

/** An ESTree node as oxc-parser gives it. The parser's own types are a union of 200 that would have to be narrowed at every step. */
export interface Node {
  type: string
  start: number
  end: number
  // biome-ignore lint/suspicious/noExplicitAny: see above
  [key: string]: any
}

/** What only TypeScript has, which is gone when nodes get here. */
const typed = new Set([
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "returnType",
  "implements",
])

/** Where nodes of a type have children, in the order of the source: asking each node for its keys took twice as long. */
const childKeys: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(visitorKeys).map(([type, keys]) => [type, keys.filter(key => !typed.has(key))]),
)
const none: readonly string[] = []

/** The properties in which nodes of a type have their children. */
export function keysOf(type: string): readonly string[] {
  return childKeys.get(type) ?? none
}

/** Child nodes in source order of the properties. */
export function children(node: Node): Node[] {
  const result: Node[] = []
  for (const key of keysOf(node.type)) {
    const value: Node | readonly (Node | null)[] | null | undefined = node[key]
    if (value === null || value === undefined) continue
    if (!isList(value)) result.push(value)
    else for (const item of value) if (item !== null) result.push(item)
  }
  return result
}

function isList(value: Node | readonly (Node | null)[]): value is readonly (Node | null)[] {
  return Array.isArray(value)
}

export function isFunction(node: Node): boolean {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  )
}

export function isClass(node: Node): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression"
}

/** Without parentheses around it. */
export function bare(node: Node): Node {
  let n = node
  while (n.type === "ParenthesizedExpression") n = n.expression
  return n
}

/** Names that a pattern binds. */
export function boundNames(pattern: Node | null, into: Node[] = []): Node[] {
  if (pattern === null) return into
  switch (pattern.type) {
    case "Identifier":
      into.push(pattern)
      break
    case "ObjectPattern":
      for (const p of pattern.properties) boundNames(p.type === "RestElement" ? p.argument : p.value, into)
      break
    case "ArrayPattern":
      for (const e of pattern.elements) boundNames(e, into)
      break
    case "AssignmentPattern":
      boundNames(pattern.left, into)
      break
    case "RestElement":
      boundNames(pattern.argument, into)
      break
  }
  return into
}

/** The operands of `a + b + c`, in order. */
export function chainOf(node: Node): Node[] {
  const operands: Node[] = []
  let n = node
  for (; n.type === "BinaryExpression" || n.type === "LogicalExpression"; n = n.left) operands.push(n.right)
  operands.push(n)
  return operands.reverse()
}

/** Tests and branches of `if … else if … else`, in order. */
export function branchesOf(node: Node): Node[] {
  const parts: Node[] = []
  let n: Node | null = node
  for (; n?.type === "IfStatement"; n = n.alternate) parts.push(n.test, n.consequent)
  return n === null ? parts : [...parts, n]
}
