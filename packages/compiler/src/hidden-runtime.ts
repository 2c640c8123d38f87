/** Owns the refusal of variables that hide the global in which the runtime is: compiled code would look for its helpers in them. */
import type { Unit } from "./2-analyze/bindings.ts"
import { eachChild, type Node } from "./2-analyze/nodes.ts"
import type { ModuleState } from "./3-lower/module.ts"

/** Looks at all functions that compiled code stands in or around. */
export function refuseHidden(module: ModuleState, units: readonly Unit[]): void {
  if (!("global" in module.runtime)) return
  const name = module.runtime.global.split(".")[0] as string
  const told = new Set<Node>()
  for (const unit of units) {
    if (!hasCompiled(unit) && !isInside(unit)) continue
    for (const { bindings, node } of unit.scopes) {
      const binding = bindings.get(name)
      if (binding === undefined) continue
      const { bindingOf } = module.analysis
      const exact = nameIn(node, n => bindingOf.get(n) === binding)
      const place = exact ?? nameIn(node, n => n.name === name && bindingOf.has(n)) ?? node
      // a class has its name inside and outside
      if (!told.has(place))
        module.problem(
          place,
          `\`${name}\` is a variable here, and the global in which compiled code finds its runtime`,
          "call it otherwise, or compile with `runtime: { global }` of another name",
        )
      told.add(place)
    }
  }
}

/** The first such identifier in the node. */
function nameIn(node: Node, test: (name: Node) => boolean): Node | null {
  if (node.type === "Identifier") return test(node) ? node : null
  let found: Node | null = null
  eachChild(node, child => {
    found ??= nameIn(child, test)
  })
  return found
}

const hasCompiled = (unit: Unit): boolean => unit.compiled || unit.units.some(hasCompiled)
const isInside = (unit: Unit): boolean => unit.compiled || (unit.parent !== null && isInside(unit.parent))
