/**
 * Owns what became of TypeScript's namespaces: `(function(_N) { … _N.g = g })(N || (N = {}))`. What stands in one is
 * named with it, and what one part exports another part sees.
 */
import type { BindingTable, Ref } from "./bindings.ts"
import { bare, children, isFunction, type Node } from "./nodes.ts"

export interface Namespace {
  readonly fn: Node
  readonly name: string
  /** With those around it. */
  readonly path: string
}

/** The namespaces of a module by the function that each part became. */
export function namespacesOf(root: Node): ReadonlyMap<Node, Namespace> {
  const found = new Map<Node, Namespace>()
  const open: { readonly body: readonly Node[]; readonly around: string }[] = [{ body: root.body, around: "" }]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const statement of next.body) {
      const namespace = namespaceOf(statement, next.around)
      if (namespace === null) continue
      found.set(namespace.fn, namespace)
      open.push({ body: namespace.fn.body.body, around: `${namespace.path}.` })
    }
  return found
}

function namespaceOf(statement: Node, around: string): Namespace | null {
  const call = statement.type === "ExpressionStatement" ? bare(statement.expression) : statement
  if (call.type !== "CallExpression" || call.arguments.length !== 1) return null
  const fn = bare(call.callee)
  const given = bare(call.arguments[0])
  if (fn.type !== "FunctionExpression" || fn.id != null || fn.params[0]?.type !== "Identifier") return null
  if (given.type !== "LogicalExpression" || given.operator !== "||" || given.left.type !== "Identifier") return null
  const { name } = given.left
  return { fn, name, path: around + name }
}

/** Names that another part of a namespace exports, used as if they were there: TypeScript would find them. */
export function* lostNames(
  namespaces: ReadonlyMap<Node, Namespace>,
  refs: Iterable<Ref>,
): Generator<{ readonly ref: Ref; readonly path: string }> {
  if (namespaces.size === 0) return
  const exported = new Map<string, Set<string>>()
  for (const { fn, path } of namespaces.values()) {
    const names = exported.get(path) ?? new Set()
    exported.set(path, exportsOf(fn, names))
  }
  for (const ref of refs) {
    if (ref.binding !== null) continue
    for (let unit = ref.unit; unit.parent !== null; unit = unit.parent) {
      const path = namespaces.get(unit.node)?.path
      if (path === undefined || exported.get(path)?.has(ref.node.name) !== true) continue
      yield { ref, path }
      break
    }
  }
}

/** Assignments to what `export let x = 1` became, `let x = _N.x = 1`: the namespace keeps the first value. */
export function* stuckExports(namespaces: ReadonlyMap<Node, Namespace>, bindingOf: BindingTable): Generator<Ref> {
  for (const { fn } of namespaces.values())
    for (const statement of fn.body.body) {
      if (statement.type !== "VariableDeclaration" || statement.kind === "const") continue
      for (const { id, init } of statement.declarations) {
        if (init?.type !== "AssignmentExpression" || init.left.object?.name !== fn.params[0].name) continue
        const again = bindingOf.get(id)?.refs.find(ref => ref.write && !bindingOf.has(ref.node))
        if (again !== undefined) yield again
      }
    }
}

/** What is assigned to the namespace's object, in its own statements. */
function exportsOf(fn: Node, into: Set<string>): Set<string> {
  const object = fn.params[0].name
  const open: Node[] = [fn.body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const left = node.type === "AssignmentExpression" ? node.left : null
    if (left?.type === "MemberExpression" && !left.computed && left.object.name === object) into.add(left.property.name)
    for (const child of children(node)) if (!isFunction(child)) open.push(child)
  }
  return into
}
