/**
 * Owns the hash of a function: of what its syntax tree means, so that formatting, comments, types and the loader that
 * took the types away do not change it.
 */
import { hash } from "node:crypto"
import { Bytes } from "./bytes.ts"

/** The fields that are asked for by name, of whatever type of node, and all others. */
interface TreeNode
  extends Readonly<
    Partial<Record<"bigint" | "computed" | "expression" | "key" | "name" | "regex" | "value", unknown>>
  > {
  readonly type: string
  readonly [key: string]: unknown
}

/** Positions and spelling. */
const skipped = new Set(["type", "start", "end", "range", "loc", "parent", "raw", "shorthand"])

/** 96 bits of SHA-256 over the tree, in 16 characters. */
export function hashNode(node: object): string {
  out.clear()
  write(node as TreeNode)
  return hash("sha256", out.written, "base64url").slice(0, 16)
}

/** The tree as a text. Putting it together as strings took twice as long. */
const out = new Bytes()

type Value = TreeNode | readonly unknown[]
/** What is still to be written, the next one last: sources may nest deeper than our stack. */
type Open = Value[]

/** Of each node its type and what is no node, then its children. */
function write(root: TreeNode): void {
  const open: Open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (isList(next)) writeList(next, open)
    else writeNode(next, open)
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Holes are counted where they are; formatters drop stray semicolons. */
function writeList(list: readonly unknown[], open: Open): void {
  const from = open.length
  out.one(OPEN)
  for (const item of list) if ((item as TreeNode | null)?.type !== "EmptyStatement") writeValue(item, open)
  out.one(CLOSE)
  // the first one is the next
  for (let i = from, j = open.length - 1; i < j; i++, j--) {
    const first = open[i] as Value
    open[i] = open[j] as Value
    open[j] = first
  }
}

/** A mark for what is written later, or the text of what is no node. */
function writeValue(value: unknown, open: Open): void {
  if (typeof value !== "object" || value === null) writeLeaf(value)
  else if (!isList(value) && (value as TreeNode).type === undefined) out.sized(JSON.stringify(value))
  else {
    open.push(value as Value)
    out.one(STAR)
  }
}

function writeNode(outer: TreeNode, open: Open): void {
  let node = outer
  while (node.type === "ParenthesizedExpression") node = node.expression as TreeNode
  if (node.type === "Identifier") {
    out.ascii("Identifier name ")
    writeLeaf(node.name)
  } else if (node.type === "Literal") {
    out.ascii("Literal ")
    writeLiteral(node)
  } else {
    const { keys, text } = layoutOf(node)
    const plainKey = node.computed === false && node.key !== undefined
    out.ascii(text)
    for (const key of keys)
      if (key === "key" && plainKey) writeName(node.key as TreeNode)
      else writeValue(node[key], open)
  }
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
function writeName(key: TreeNode): void {
  if (key.type === "PrivateIdentifier") out.one(HASH)
  writeLeaf(key.type === "Literal" ? String(key.value) : key.name)
}

function writeLiteral(node: TreeNode): void {
  if (node.regex !== undefined) {
    out.ascii("regex ")
    out.sized(JSON.stringify(node.regex))
  } else if (node.bigint !== undefined) {
    out.ascii("bigint ")
    out.sized(String(node.bigint))
  } else writeLeaf(node.value)
}

/** Text of a value that is not a node; kinds that print alike are kept apart. */
function writeLeaf(value: unknown): void {
  if (typeof value === "string") {
    out.one(QUOTE)
    out.sized(value)
  } else if (value === true) out.one(PLUS)
  else if (value === false) out.one(MINUS)
  else if (value === null) out.one(ZERO)
  else out.ascii(`${typeof value} ${String(value)} `)
}

const QUOTE = 0x22
const HASH = 0x23
const STAR = 0x2a
const PLUS = 0x2b
const MINUS = 0x2d
const ZERO = 0x30
const OPEN = 0x5b
const CLOSE = 0x5d
