/** Owns the view of syntax nodes that the compiler works with, and generic walking over them. */

import { visitorKeys } from "oxc-parser"

/** The fields that the compiler asks for by name, of whatever type of node. */
type Field =
  | "alternate"
  | "argument"
  | "arguments"
  | "async"
  | "bigint"
  | "block"
  | "body"
  | "callee"
  | "cases"
  | "computed"
  | "consequent"
  | "declaration"
  | "declarations"
  | "decorators"
  | "delegate"
  | "directive"
  | "discriminant"
  | "elements"
  | "expression"
  | "expressions"
  | "finalizer"
  | "generator"
  | "handler"
  | "id"
  | "init"
  | "key"
  | "kind"
  | "label"
  | "left"
  | "meta"
  | "method"
  | "name"
  | "object"
  | "operator"
  | "optional"
  | "options"
  | "param"
  | "params"
  | "prefix"
  | "properties"
  | "property"
  | "quasi"
  | "quasis"
  | "raw"
  | "regex"
  | "right"
  | "shorthand"
  | "source"
  | "specifiers"
  | "static"
  | "superClass"
  | "tag"
  | "test"
  | "update"
  | "value"

/** What only nodes have that the compiler makes itself: what they stand for, and what they are printed as. */
type OwnField = "asMethod" | "bare" | "original" | "readOf" | "text"

// biome-ignore-start lint/suspicious/noExplicitAny: the parser's own types are a union of 200 that would have to be narrowed at every step
/** An ESTree node as oxc-parser gives it, or one that takes its place. */
export interface Node extends Partial<Record<Field | OwnField, any>> {
  type: string
  start: number
  end: number
  /** For walking over all children; what has a name is asked for by it, and told if it is none of the above. */
  [key: string]: any
}
// biome-ignore-end lint/suspicious/noExplicitAny: the parser's own types are a union of 200 that would have to be narrowed at every step

/** What only TypeScript has, which is gone when nodes get here. */
const typed = new Set([
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "returnType",
  "implements",
])

/** Names and patterns have decorators in TypeScript only. */
const decorable = new Set([
  "ClassDeclaration",
  "ClassExpression",
  "MethodDefinition",
  "PropertyDefinition",
  "AccessorProperty",
])

/** A type of nodes, and where they have children, in the order of the source: asking each node took twice as long. */
interface Shape {
  readonly type: string
  readonly keys: readonly string[]
  /** Nothing in it is a statement, but in functions and classes. */
  readonly isExpression: boolean
}

const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(visitorKeys).map(([type, all]) => {
    const keys = all.filter(key => !typed.has(key) && (key !== "decorators" || decorable.has(type)))
    return [type, { type, keys, isExpression: type.endsWith("Expression") }]
  }),
)
const none: readonly string[] = []

/**
 * Has the nodes name their types by the strings that this program has too. The parser's JSON brings a new string for each
 * node, and every comparison of two strings that are not one goes from character to character.
 */
export function nameTypes(root: Node): void {
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const shape = shapes.get(node.type)
    if (shape === undefined) continue
    node.type = shape.type
    openIn(node, shape.keys, open)
  }
}

/** The properties in which nodes of a type have their children. */
function keysOf(type: string): readonly string[] {
  return shapes.get(type)?.keys ?? none
}

/** Whether the node is a name or a literal: half of all nodes are, and have nothing in them. */
export function isAtom({ type }: Node): boolean {
  return type === "Identifier" || type === "Literal"
}

type Value = Node | readonly (Node | null)[] | null | undefined

/**
 * Child nodes in the order of the properties, which is that of the source but in templates. Walks over everything need no
 * list: `eachChild`, `openChildren`.
 */
export function children(node: Node): Node[] {
  const result: Node[] = []
  eachChild(node, child => result.push(child))
  return result
}

export function eachChild(node: Node, visit: (child: Node) => void): void {
  if (isAtom(node)) return
  for (const key of keysOf(node.type)) {
    const value: Value = node[key]
    if (value === null || value === undefined) continue
    if (!isList(value)) visit(value)
    else for (const item of value) if (item !== null) visit(item)
  }
}

/** Whether a child is such a one. */
export function someChild(node: Node, test: (child: Node) => boolean): boolean {
  if (isAtom(node)) return false
  for (const key of keysOf(node.type)) {
    const value: Value = node[key]
    if (value === null || value === undefined) continue
    if (!isList(value)) {
      if (test(value)) return true
    } else for (const item of value) if (item !== null && test(item)) return true
  }
  return false
}

/** Puts the children on the stack of a walk that does not recurse: the first one is the next. */
export function openChildren(node: Node, open: Node[]): void {
  if (isAtom(node)) return
  openIn(node, keysOf(node.type), open)
}

/** The same for a walk that looks for statements. */
export function openStatements(node: Node, open: Node[]): void {
  const shape = shapes.get(node.type)
  if (shape?.isExpression === false) openIn(node, shape.keys, open)
}

function openIn(node: Node, keys: readonly string[], open: Node[]): void {
  for (let k = keys.length - 1; k >= 0; k--) {
    const value: Value = node[keys[k] as string]
    if (value === null || value === undefined) continue
    if (!isList(value)) open.push(value)
    else
      for (let i = value.length - 1; i >= 0; i--) {
        const item = value[i]
        if (item !== null && item !== undefined) open.push(item)
      }
  }
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
export function boundNames(pattern: Node | null): Node[] {
  return pattern?.type === "Identifier" ? [pattern] : addNames(pattern, [])
}

function addNames(pattern: Node | null, into: Node[]): Node[] {
  if (pattern === null) return into
  switch (pattern.type) {
    case "Identifier":
      into.push(pattern)
      break
    case "ObjectPattern":
      for (const p of pattern.properties) addNames(p.type === "RestElement" ? p.argument : p.value, into)
      break
    case "ArrayPattern":
      for (const e of pattern.elements) addNames(e, into)
      break
    case "AssignmentPattern":
      addNames(pattern.left, into)
      break
    case "RestElement":
      addNames(pattern.argument, into)
      break
  }
  return into
}

/** Whether a parameter has a default or a computed key, so that the body gets an environment of its own. */
export function hasExpression(pattern: Node | null): boolean {
  if (pattern === null) return false
  switch (pattern.type) {
    case "AssignmentPattern":
      return true
    case "ObjectPattern":
      return pattern.properties.some(
        (p: Node) => p.computed || hasExpression(p.type === "RestElement" ? p.argument : p.value),
      )
    case "ArrayPattern":
      return pattern.elements.some(hasExpression)
    case "RestElement":
      return hasExpression(pattern.argument)
  }
  return false
}

/** The operands of `a + b + c`, in order. */
export function chainOf(node: Node): Node[] {
  if (!isChain(node)) return [node]
  if (!isChain(node.left)) return [node.left, node.right]
  const operands: Node[] = []
  let n = node
  for (; isChain(n); n = n.left) operands.push(n.right)
  operands.push(n)
  return operands.reverse()
}

/** Whether one of the operands of `a + b + c` is such a one. */
export function someOperand(node: Node, test: (operand: Node) => boolean): boolean {
  let n = node
  for (; isChain(n); n = n.left) if (test(n.right)) return true
  return test(n)
}

export function isChain(node: Node): boolean {
  return node.type === "BinaryExpression" || node.type === "LogicalExpression"
}

/** Tests and branches of `if … else if … else`, in order. */
export function branchesOf(node: Node): Node[] {
  const parts: Node[] = []
  let n: Node | null = node
  for (; n?.type === "IfStatement"; n = n.alternate) parts.push(n.test, n.consequent)
  return n === null ? parts : [...parts, n]
}
