/** Owns what a module offers by name: its functions, classes and symbols at module level, and of namespaces, which records refer to instead of copying. */
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "./module.ts"

/** A statement for the beginning of a module: what it is called, for what it declares by name. */
export function moduleText(module: ModuleState): string {
  if ("global" in module.runtime) return ""
  const named = (place: string) => `${module.helper("moduleOf")}(${JSON.stringify(module.moduleId)}, ${place});`
  if (!module.script) return ` ${named(module.url())}`
  return ` const ${module.url()} = ${named('typeof __filename === "string" ? __filename : ""')}`
}

/** A statement for the end of the module, where all of them are there. */
export function referencesText(module: ModuleState, root: Node): string {
  return isScript(module)
    ? ""
    : statementText(
        module,
        root.body.flatMap((s: Node) => named(module, inner(s))),
      )
}

/** A statement for the beginning of a script, with its functions. */
export function functionsText(module: ModuleState, root: Node): string {
  if (!isScript(module)) return ""
  const functions = root.body.map(inner).filter((s: Node) => s.type === "FunctionDeclaration")
  return statementText(
    module,
    functions.flatMap((s: Node) => named(module, s)),
  ).trimEnd()
}

/**
 * What follows a statement of a script that makes classes or functions: nobody waits for the end of a script. It is a
 * declaration of nothing, which leaves the value of the script as it is.
 */
export function referenceText(module: ModuleState, s: Node): string {
  if (!isScript(module) || s.type === "FunctionDeclaration") return ""
  const text = statementText(module, named(module, inner(s)))
  return text === "" ? "" : `; let {} = ${text.trimEnd()}`
}

/** What stands at the end of a namespace's body, with what it declares by name. */
export function namespaceText(module: ModuleState, fn: Node): string {
  const namespace = module.namespaces.get(fn)
  if (namespace === undefined) return ""
  const names = fn.body.body.flatMap((s: Node) => named(module, s))
  return statementText(module, names, name => module.id(`${namespace.path}.${name}`))
}

function isScript(module: ModuleState): boolean {
  return module.script || "global" in module.runtime
}

function inner(s: Node): Node {
  return s.type.startsWith("Export") ? (s.declaration ?? s) : s
}

function statementText(
  module: ModuleState,
  names: readonly string[],
  id = (name: string) => `${module.moduleId}#${name}`,
): string {
  if (names.length === 0) return ""
  const entries = names.map(name => `${JSON.stringify(id(name))}: ${name}`)
  return `${module.helper("refer")}(${module.url()}, { ${entries.join(", ")} });\n`
}

function named(module: ModuleState, s: Node): string[] {
  if (s.type === "ClassDeclaration") return s.id === null ? [] : [s.id.name]
  if (s.type === "FunctionDeclaration")
    return s.id === null || module.analysis.unitOf.get(s)?.compiled ? [] : [s.id.name]
  if (s.type !== "VariableDeclaration" || s.kind !== "const") return []
  return s.declarations
    .filter((v: Node) => v.id.type === "Identifier" && v.init !== null && hasIdentity(module, exportedValue(v.init)))
    .map((v: Node) => v.id.name)
}

/** The value behind `= _N.name =`, as exports of namespaces have it. */
function exportedValue(init: Node): Node {
  const node = bare(init)
  return node.type === "AssignmentExpression" && node.operator === "=" ? bare(node.right) : node
}

/** A function, class or symbol as it stands; compiled generators have an id of their own. */
function hasIdentity(module: ModuleState, value: Node): boolean {
  if (isFunction(value)) return !module.analysis.unitOf.get(value)?.compiled
  return isClass(value) || isSymbol(value)
}

/** `Symbol("…")`: a copy of it would be another symbol, and no key of what the module's own code looks up. */
function isSymbol(value: Node): boolean {
  return value.type === "CallExpression" && value.callee.type === "Identifier" && value.callee.name === "Symbol"
}
