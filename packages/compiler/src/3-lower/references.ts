/** Owns what a module offers by name: its functions and classes at module level, which records refer to instead of copying. */
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "./module.ts"

/** A statement for the end of the module, where all of them are there. */
export function referencesText(module: ModuleState, root: Node): string {
  if (module.script || "global" in module.runtime) return ""
  const names = root.body.flatMap((s: Node) => named(module, s.type.startsWith("Export") ? (s.declaration ?? s) : s))
  if (names.length === 0) return ""
  const entries = names.map((name: string) => `${JSON.stringify(`${module.moduleId}#${name}`)}: ${name}`)
  return `${module.helper("refer")}(import.meta.url, { ${entries.join(", ")} });\n`
}

function named(module: ModuleState, s: Node): string[] {
  if (s.type === "ClassDeclaration") return s.id === null ? [] : [s.id.name]
  if (s.type === "FunctionDeclaration")
    return s.id === null || module.analysis.unitOf.get(s)?.compiled ? [] : [s.id.name]
  if (s.type !== "VariableDeclaration" || s.kind !== "const") return []
  return s.declarations
    .filter((v: Node) => v.id.type === "Identifier" && v.init !== null && isOrdinary(module, bare(v.init)))
    .map((v: Node) => v.id.name)
}

/** A function or class as it stands; compiled generators have an id of their own. */
function isOrdinary(module: ModuleState, value: Node): boolean {
  return isClass(value) || (isFunction(value) && !module.analysis.unitOf.get(value)?.compiled)
}
