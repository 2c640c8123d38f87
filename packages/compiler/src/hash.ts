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
  write(node as TreeNode, parts)
  return hash("sha256", parts.join("\n"), "base64url").slice(0, 16)
}

/** What is still to be written, the next one last: sources may nest deeper than our stack. */
type Open = (TreeNode | readonly unknown[] | string)[]

function write(root: TreeNode, parts: string[]): void {
  const open: Open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string") parts.push(next)
    else if (Array.isArray(next)) writeList(next, parts, open)
    else writeNode(next as TreeNode, parts, open)
  }
}

function writeList(list: readonly unknown[], parts: string[], open: Open): void {
  const items = list.filter(item => (item as TreeNode | null)?.type !== "EmptyStatement") // formatters drop stray semicolons
  parts.push(`[${items.length}`)
  for (const item of items.toReversed()) open.push(written(item))
}

function written(value: unknown): TreeNode | readonly unknown[] | string {
  if (Array.isArray(value)) return value
  return typeof value !== "object" || value === null || !("type" in value) ? leaf(value) : (value as TreeNode)
}

function writeNode(node: TreeNode, parts: string[], open: Open): void {
  if (node.type === "ParenthesizedExpression") open.push(written(node.expression))
  else if (node.type === "Literal") parts.push(literal(node))
  else writeProperties(node, parts, open)
}

function writeProperties(node: TreeNode, parts: string[], open: Open): void {
  parts.push(node.type)
  const plainKey = node.computed === false && "key" in node
  for (const key of Object.keys(node).sort().reverse()) {
    if (skipped.has(key)) continue
    open.push(key === "key" && plainKey ? propertyName(node.key as TreeNode) : written(node[key]), `.${key}`)
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
