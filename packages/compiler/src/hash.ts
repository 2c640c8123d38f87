/**
 * Owns the hash of a function: of what its syntax tree means, so that formatting, comments, types and the loader that
 * took the types away do not change it.
 */
import { hash } from "node:crypto"

interface TreeNode {
  readonly type: string
  readonly [key: string]: unknown
}

/** Positions and spelling. */
const skipped = new Set(["type", "start", "end", "range", "loc", "parent", "raw", "shorthand"])

/** 96 bits of SHA-256 over the tree, in 16 characters. */
export function hashNode(node: object): string {
  const parts: string[] = []
  write(node, parts)
  return hash("sha256", parts.join("\n"), "base64url").slice(0, 16)
}

function write(value: unknown, parts: string[]): void {
  if (Array.isArray(value)) {
    const items = value.filter(item => item?.type !== "EmptyStatement") // formatters drop stray semicolons
    parts.push(`[${items.length}`)
    for (const item of items) write(item, parts)
  } else if (typeof value !== "object" || value === null || !("type" in value)) {
    parts.push(leaf(value))
  } else {
    writeNode(value as TreeNode, parts)
  }
}

function writeNode(node: TreeNode, parts: string[]): void {
  if (node.type === "ParenthesizedExpression") write(node.expression, parts)
  else if (node.type === "Literal") parts.push(literal(node))
  else writeProperties(node, parts)
}

function writeProperties(node: TreeNode, parts: string[]): void {
  parts.push(node.type)
  const plainKey = node.computed === false && "key" in node
  for (const key of Object.keys(node).sort()) {
    if (skipped.has(key)) continue
    parts.push(`.${key}`)
    if (key === "key" && plainKey) parts.push(propertyName(node.key as TreeNode))
    else write(node[key], parts)
  }
}

/** `{ a }`, `{ "a" }` and `{ 1 }` name properties; formatters change the quotes. */
function propertyName(key: TreeNode): string {
  return key.type === "Literal"
    ? JSON.stringify(String(key.value))
    : `${key.type === "PrivateIdentifier" ? "#" : ""}${JSON.stringify(key.name)}`
}

function literal(node: TreeNode): string {
  if (node.regex !== undefined) return `Literal regex ${JSON.stringify(node.regex)}`
  if (node.bigint !== undefined) return `Literal bigint ${node.bigint}`
  return `Literal ${leaf(node.value)}`
}

/** Text of a value that is not a node; kinds that print alike are kept apart. */
function leaf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : `${typeof value} ${JSON.stringify(value) ?? String(value)}`
}
