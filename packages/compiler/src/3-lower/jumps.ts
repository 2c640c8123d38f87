/** Owns the question where a jump statement goes, within a piece of source. */
import { children, isFunction, type Node, someChild } from "../2-analyze/nodes.ts"
import { isLoop } from "../2-analyze/suspends.ts"

/** Whether `jump`, which stands inside `root`, has its target inside `root` too (`root` itself included). */
export function jumpsWithin(root: Node, jump: Node): boolean {
  const path = pathTo(root, jump) ?? []
  const name: string | null = jump.label?.name ?? null
  for (const node of path) {
    if (node === jump) continue
    if (name !== null) {
      if (node.type === "LabeledStatement" && node.label.name === name) return true
    } else if (isLoop(node) || (node.type === "SwitchStatement" && jump.type === "BreakStatement")) return true
  }
  return false
}

function pathTo(root: Node, target: Node): Node[] | null {
  if (root === target) return [root]
  if (target.start < root.start || target.end > root.end || isFunction(root)) return null
  for (const c of children(root)) {
    const path = pathTo(c, target)
    if (path !== null) return [root, ...path]
  }
  return null
}

/** Whether a statement has a `continue` of the loop whose body it is. */
export function continues(body: Node, labels: readonly string[]): boolean {
  const find = (node: Node, nested: boolean): boolean => {
    if (isFunction(node)) return false
    if (node.type === "ContinueStatement") return node.label === null ? !nested : labels.includes(node.label.name)
    const deeper = nested || isLoop(node)
    return someChild(node, c => find(c, deeper))
  }
  return find(body, false)
}
