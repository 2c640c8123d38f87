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
  return hash("sha256", written(node as TreeNode), "base64url").slice(0, 16)
}

type Value = TreeNode | readonly unknown[]
/** What is still to be written, the next one last: sources may nest deeper than our stack. */
type Open = Value[]

/** The tree as a text: of each node its type and what is no node, then its children. */
function written(root: TreeNode): string {
  let text = ""
  const open: Open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    text += isList(next) ? listText(next, open) : nodeText(next, open)
  return text
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Holes are counted where they are; formatters drop stray semicolons. */
function listText(list: readonly unknown[], open: Open): string {
  let items = ""
  for (let i = list.length - 1; i >= 0; i--) {
    const item = list[i]
    if ((item as TreeNode | null)?.type === "EmptyStatement") continue
    items = valueText(item, open) + items
  }
  return `[${items}]`
}

/** A mark for what is written later, or the text of what is no node. */
function valueText(value: unknown, open: Open): string {
  if (typeof value !== "object" || value === null) return leaf(value)
  if (!isList(value) && (value as TreeNode).type === undefined) return sized(JSON.stringify(value))
  open.push(value as Value)
  return "*"
}

function nodeText(outer: TreeNode, open: Open): string {
  let node = outer
  while (node.type === "ParenthesizedExpression") node = node.expression as TreeNode
  if (node.type === "Identifier") return `Identifier name ${leaf(node.name)}`
  if (node.type === "Literal") return `Literal ${literal(node)}`
  const { keys, text } = layoutOf(node)
  const plainKey = node.computed === false && node.key !== undefined
  let values = ""
  for (const key of keys)
    values += key === "key" && plainKey ? propertyName(node.key as TreeNode) : valueText(node[key], open)
  return text + values
}

/** What nodes of a type were seen to have: to sort the keys of each took a tenth of a compilation. */
interface Layout {
  readonly found: readonly string[]
  /** Those that are written, in an order that does not depend on the parser. */
  readonly keys: readonly string[]
  readonly text: string
}

const layouts = new Map<string, Layout[]>()

function layoutOf(node: TreeNode): Layout {
  let known = layouts.get(node.type)
  if (known === undefined) {
    known = []
    layouts.set(node.type, known)
  }
  for (const layout of known) if (fits(layout, node)) return layout
  const found = Object.keys(node)
  const keys = found.filter(key => !skipped.has(key)).sort()
  const layout = { found, keys, text: `${node.type} ${keys.join()} ` }
  known.push(layout)
  return layout
}

/** Whether the node has the same properties in the same order; a loop over them makes no list. */
function fits({ found }: Layout, node: TreeNode): boolean {
  let i = 0
  for (const key in node) if (found[i++] !== key) return false
  return i === found.length
}

/** `{ a }`, `{ "a" }` and `{ 1 }` name properties; formatters change the quotes. */
function propertyName(key: TreeNode): string {
  return key.type === "Literal"
    ? leaf(String(key.value))
    : `${key.type === "PrivateIdentifier" ? "#" : ""}${leaf(key.name)}`
}

function literal(node: TreeNode): string {
  if (node.regex !== undefined) return `regex ${sized(JSON.stringify(node.regex))}`
  if (node.bigint !== undefined) return `bigint ${sized(String(node.bigint))}`
  return leaf(node.value)
}

/** Text of a value that is not a node; kinds that print alike are kept apart. */
function leaf(value: unknown): string {
  if (typeof value === "string") return `"${sized(value)}`
  if (value === true) return "+"
  if (value === false) return "-"
  return value === null ? "0" : `${typeof value} ${String(value)} `
}

/** Where it ends is said in front: nothing in it needs escaping. */
function sized(text: string): string {
  return `${text.length}:${text}`
}
