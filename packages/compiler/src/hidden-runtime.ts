/** Owns the refusal of variables that hide the global in which the runtime is: compiled code would look for its helpers in them. */
import type { Unit } from "./2-analyze/bindings.ts"
import type { ModuleState } from "./3-lower/module.ts"

/** Looks at all functions that compiled code stands in or around. */
export function refuseHidden(module: ModuleState, units: readonly Unit[]): void {
  if (!("global" in module.runtime)) return
  const name = module.runtime.global.split(".")[0] as string
  for (const unit of units) {
    if (!hasCompiled(unit) && !isInside(unit)) continue
    for (const { bindings, node } of unit.scopes)
      if (bindings.has(name))
        module.problem(
          node,
          `\`${name}\` is a variable here, and the global in which compiled code finds its runtime`,
          "call it otherwise, or compile with `runtime: { global }` of another name",
        )
  }
}

const hasCompiled = (unit: Unit): boolean => unit.compiled || unit.units.some(hasCompiled)
const isInside = (unit: Unit): boolean => unit.compiled || (unit.parent !== null && isInside(unit.parent))
