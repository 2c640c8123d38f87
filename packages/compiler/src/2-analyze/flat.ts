/** Owns the question whether anybody can see when an array pattern takes each of its values. */
import type { Analysis, Binding } from "./bindings.ts"
import type { Node } from "./nodes.ts"

/** An array pattern of plain names whose assignment neither fails nor runs code: nobody can. */
export function isFlat(analysis: Analysis, pattern: Node): boolean {
  return (
    pattern.type === "ArrayPattern" &&
    pattern.elements.every((e: Node | null) => {
      const name = e?.type === "RestElement" ? e.argument : e
      return name === null || name === undefined || (name.type === "Identifier" && isPlainTarget(analysis, name))
    })
  )
}

function isPlainTarget(analysis: Analysis, name: Node): boolean {
  if (analysis.bindingOf.has(name)) return true
  const binding: Binding | null | undefined = analysis.refOf.get(name)?.binding
  return binding != null && binding.owner.kind !== "program" && !binding.checked && plain.has(binding.kind)
}

const plain = new Set(["let", "var", "param", "catch", "function"])

/** The flat pattern of `for (const [a, b] of …)`. */
export function flatHead(analysis: Analysis, node: Node): Node | null {
  if (node.type !== "ForOfStatement") return null
  const target: Node = node.left.type === "VariableDeclaration" ? node.left.declarations[0].id : node.left
  return isFlat(analysis, target) ? target : null
}
