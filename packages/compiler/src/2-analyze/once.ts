/**
 * Owns the question which functions are made once for each evaluation of the module: those that stand in its own
 * statements, in its classes, and in functions that it calls where they stand (as namespaces are), outside of loops.
 */
import { bare, eachChild, isFunction, type Node } from "./nodes.ts"
import { isLoop } from "./suspends.ts"

export function functionsMadeOnce(root: Node): ReadonlySet<Node> {
  const found = new Set<Node>()
  const calledInPlace = new Set<Node>()
  const open: Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "CallExpression") calledInPlace.add(bare(node.callee))
    eachChild(node, child => {
      if (isLoop(child)) return
      if (isFunction(child)) found.add(child)
      if (isFunction(child) && !(calledInPlace.has(child) && runsAtOnce(child))) return
      // the value of a field is made for each instance
      if (child.type !== "PropertyDefinition" || child.static === true) open.push(child)
      else if (child.computed) open.push({ ...child, value: null })
    })
  }
  return found
}

/** Nobody else can call it, and all of it runs. */
function runsAtOnce({ id, generator, async }: Node): boolean {
  return id == null && generator !== true && async !== true
}
