/**
 * Owns making a failing program small: statements go, expressions become one of their operands or `0`, as long as it
 * still fails in the same manner.
 */
import { type Node, parse } from "acorn"

interface Change {
  readonly from: number
  readonly to: number
  readonly text: string
}

type AnyNode = Node & Record<string, unknown>

/** The smallest text found in `limit` attempts for which `fails` still holds. */
export function reduce(source: string, fails: (source: string) => boolean, limit = 3000): string {
  let text = source
  let left = limit
  for (let again = true; again && left > 0; ) {
    again = false
    let skip = 0
    for (;;) {
      const changes = changesOf(text)
      let applied = false
      for (; skip < changes.length && left > 0; skip++) {
        const { from, to, text: by } = changes[skip] as Change
        if (by.length >= to - from || unguards(text.slice(from, to), by)) continue
        const candidate = text.slice(0, from) + by + text.slice(to)
        left--
        if (!fails(candidate)) continue
        text = candidate
        applied = again = true
        break
      }
      if (!applied) break
    }
  }
  return text.replace(/\n\s*\n+/g, "\n")
}

/** Whether a loop would lose the `tick()` that ends it, and stay. (Endless recursion ends by itself.) */
function unguards(removed: string, by: string): boolean {
  const ticks = (text: string) => text.split(/(?<!if \(!)tick\(\)|!tick\(\)\) break/).length
  const guarded = (text: string) => text.split(/\bwhile \(|\bfor \(/).length
  return ticks(removed) - ticks(by) > guarded(removed) - guarded(by)
}

/** Large ones first. */
function changesOf(source: string): Change[] {
  let root: AnyNode
  try {
    root = parse(source, { ecmaVersion: "latest", allowReturnOutsideFunction: true }) as unknown as AnyNode
  } catch {
    return []
  }
  const changes: Change[] = []
  visit(root, source, changes)
  return changes.sort((a, b) => b.to - b.from - b.text.length - (a.to - a.from - a.text.length))
}

function visit(node: AnyNode, source: string, changes: Change[]): void {
  const replace = (n: { start: number; end: number }, text: string) => changes.push({ from: n.start, to: n.end, text })
  const { type } = node
  const children = childrenOf(node)
  if (/Statement$|Declaration$/.test(type) && type !== "VariableDeclaration" && type !== "BlockStatement") {
    replace(node, "")
    for (const child of children) if (/Statement$/.test(child.type)) replace(node, inside(child, source))
  } else if (type === "VariableDeclaration") {
    replace(node, "")
    for (const d of children) replace(d, "")
  } else if (type === "BlockStatement") replace(node, "{}")
  else if (/Expression$|Literal$|Pattern$/.test(type)) {
    replace(node, "0")
    for (const child of children) replace(node, `(${source.slice(child.start, child.end)})`)
    for (const child of children) replace(node, source.slice(child.start, child.end))
  } else if (
    type === "Property" ||
    type === "PropertyDefinition" ||
    type === "MethodDefinition" ||
    type === "StaticBlock"
  )
    replace(node, "")
  if (type === "TryStatement") {
    const { handler, finalizer } = node as { handler?: AnyNode; finalizer?: AnyNode }
    if (handler) replace(handler, "")
    if (finalizer) changes.push({ from: (handler ?? (node.block as AnyNode)).end, to: finalizer.end, text: "" })
  }
  if (type === "IfStatement" && node.alternate)
    changes.push({ from: (node.consequent as AnyNode).end, to: (node.alternate as AnyNode).end, text: "" })
  for (const [key, value] of Object.entries(node))
    if (Array.isArray(value) && key !== "body") dropFrom(value as (AnyNode | null)[], changes)
  for (const child of children) visit(child, source, changes)
}

/** Elements of a list, each with the comma that stands before or behind it. */
function dropFrom(list: readonly (AnyNode | null)[], changes: Change[]): void {
  for (const [i, element] of list.entries()) {
    if (element === null || typeof element !== "object" || !("start" in element)) continue
    const next = list[i + 1]
    const before = list[i - 1]
    if (next) changes.push({ from: element.start, to: next.start, text: "" })
    else if (before) changes.push({ from: before.end, to: element.end, text: "" })
    else changes.push({ from: element.start, to: element.end, text: "" })
  }
}

function inside(node: AnyNode, source: string): string {
  const text = source.slice(node.start, node.end)
  return node.type === "BlockStatement" ? text.slice(1, -1) : text
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = []
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && typeof (child as AnyNode).type === "string")
        children.push(child as AnyNode)
  return children
}
