/**
 * Owns what only sloppy code has: functions of blocks that are variables of the function around them too, functions as
 * the branch of an `if`, and variables that share the name of an exception (ECMA-262, annex B.3).
 */
import type { Analysis, Binding, Scope } from "./bindings.ts"
import { bare, isFunction, type Node, someChild } from "./nodes.ts"

/** What a statement declares: without labels in front of it, or `export`. */
export function declared(statement: Node): Node {
  let s = statement
  while (s.type === "LabeledStatement") s = s.body
  if (s !== statement) return s.type === "FunctionDeclaration" ? s : statement
  return s.type === "ExportNamedDeclaration" || s.type === "ExportDefaultDeclaration" ? s.declaration : s
}

/** A function as the branch of an `if` stands as if in a block. */
export function asBlock(branch: Node): Node {
  if (branch.type !== "FunctionDeclaration") return branch
  return { type: "BlockStatement", start: branch.start, end: branch.end, body: [branch], bare: true }
}

/** The functions of a block that are variables too, with the scope of the variable. */
export function blockFunctions(body: readonly Node[], scope: Scope): Map<Node, Scope> {
  const result = new Map<Node, Scope>()
  for (const s of body) {
    const d = declared(s)
    if (d.type !== "FunctionDeclaration" || d.async === true || d.generator === true) continue
    const outer = variableScope(scope.parent, d.id.name)
    if (outer !== null) result.set(d, outer)
  }
  return result
}

/** Where a `var` of that name would go; null if something on the way forbids it, or a parameter has the name. */
function variableScope(from: Scope | null, name: string): Scope | null {
  for (let s = from; s !== null; s = s.parent) {
    const found = s.bindings.get(name)
    if (s.kind === "function" || s.kind === "program") {
      if (found !== undefined && !["var", "function", "arguments"].includes(found.kind)) return null
      return s.parent?.kind === "params" && s.parent.unit === s.unit && s.parent.bindings.has(name) ? null : s
    }
    // where a block around it has such a function too, a `var` could not stand; V8 lets it be the variable all the same
    if (found !== undefined && !isSimpleCatch(s) && found.twin === undefined) return null
  }
  return null
}

function isSimpleCatch(scope: Scope): boolean {
  return scope.kind === "catch" && scope.node.param.type === "Identifier"
}

/** The variable of an exception that a `var` of the same name assigns. */
export function catchParameter(from: Scope, name: string): Binding | null {
  for (let s: Scope | null = from; s !== null && s.kind !== "function" && s.kind !== "program"; s = s.parent) {
    const found = s.bindings.get(name)
    if (found !== undefined) return s.kind === "catch" ? found : null
  }
  return null
}

/**
 * Whether something in heritage or keys of a class, which are strict, would do something else in sloppy code: assign what
 * is no variable of the code, or a property that may not be assigned, or delete one.
 */
export function needsStrict(node: Node, analysis: Analysis): boolean {
  const { type, left, argument, operator } = node
  if (isFunction(node)) return false
  if (type === "AssignmentExpression" && isForeign(left, analysis)) return true
  if (type === "UpdateExpression" && isForeign(argument, analysis)) return true
  if (type === "UnaryExpression" && operator === "delete") return true
  return someChild(node, child => needsStrict(child, analysis))
}

function isForeign(target: Node, { refOf }: Analysis): boolean {
  const node = bare(target)
  if (node.type !== "Identifier") return true
  const kind = refOf.get(node)?.binding?.kind
  return kind === undefined || kind === "self"
}
