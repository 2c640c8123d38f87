/** Owns the rule: what waits to be performed and is kept in a variable is read again, and then not for its result. */
import type { Binding } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { isCertain } from "./forgotten.ts"
import { type Made, made, remedy } from "./made.ts"
import { lacking, unperformed } from "./opened.ts"
import type { Placed } from "./tree.ts"
import { eachOperand, type Use } from "./uses.ts"

export function* kept(subject: Subject): Generator<Finding> {
  for (const { node, unit } of subject.tree.definitions) {
    const isDeclared = node.type === "VariableDeclarator"
    const value = bare(isDeclared ? node.init : node.right)
    const what = value.type === "CallExpression" ? made(subject, { node: value, unit }) : null
    const binding = what === null ? null : bindingOf(subject, isDeclared ? node.id : node.left)
    if (what === null || binding === null || isSeenElsewhere(subject, binding, node)) continue
    const placed = { node: value, unit }
    if (binding.kind === "using") yield* disposed(subject, placed, what)
    else if (!isRead(subject, binding)) yield unread(subject, placed, what, binding)
    else if (subject.names.declared(binding) === node.init) yield* misread(subject, placed, what, binding)
  }
  for (const { node, unit } of subject.tree.disposing) {
    const list = bare(node.right)
    for (const element of list.type === "ArrayExpression" ? list.elements : []) {
      const placed = { node: element ?? list, unit }
      const what = made(subject, placed)
      if (what !== null) yield* disposed(subject, placed, what)
    }
  }
}

function bindingOf({ module, names }: Subject, name: Node): Binding | null {
  return module.analysis.bindingOf.get(name) ?? names.binding(name)
}

/** Others may read it: an eval, another script, who imports it. A name that begins with `_` says that nobody shall. */
function isSeenElsewhere({ module, tree }: Subject, { name, owner, refs }: Binding, definition: Node): boolean {
  const { program } = module.analysis
  if (program.dynamic !== null || name.startsWith("_")) return true
  if (owner !== program) return false
  const declaration = tree.parent(definition)
  const isExported = declaration !== null && tree.parent(declaration)?.type === "ExportNamedDeclaration"
  return module.script || isExported || refs.some(({ node }) => tree.parent(node)?.type === "ExportSpecifier")
}

/** Somebody takes its value; who only gives it another one does not. */
function isRead({ module, tree }: Subject, { refs }: Binding): boolean {
  return refs.some(({ node, write }) => {
    if (module.analysis.bindingOf.has(node)) return false
    if (!write) return true
    const use = tree.taker(node)
    const isGiven = use?.type === "AssignmentExpression" && use.operator === "=" && bare(use.left) === node
    return !isGiven || tree.parent(use)?.type !== "ExpressionStatement"
  })
}

function unread(subject: Subject, placed: Placed, { words }: Made, { name }: Binding): Finding {
  const message = `${words} is kept in \`${name}\`, which nobody reads: it is never performed`
  return warning(subject, placed, message)
}

/** It has nothing that disposes of it: that throws. */
function* disposed(subject: Subject, placed: Placed, what: Made): Generator<Finding> {
  if (what.unit !== null) return
  const finding = warning(subject, placed, `${what.words} is to be disposed of, and was not performed: this throws`)
  yield subject.marked && what.sure ? { ...finding, severity: "error" } : finding
}

/** What a constant is taken for. Whether it is there, and the same as another one, may well be asked of what is performed too. */
function* misread(subject: Subject, placed: Placed, what: Made, binding: Binding): Generator<Finding> {
  const isOnlyAsked = readsOf(subject, binding).every(node => takenFor(subject, node) !== null)
  for (const node of readsOf(subject, binding)) {
    const use = subject.tree.taker(node)
    if (use === null) continue
    const offset = node.start
    const taken = takenFor(subject, node)
    if (use.type === "MemberExpression" && bare(use.object) === node) {
      const name = lacking(subject, use, what)
      if (name !== null) yield { ...unperformed(subject, placed, what, name, binding.name), offset }
    } else if (use.type === "AwaitExpression") {
      const message = `${what.words}, kept in \`${binding.name}\`, is awaited, which does not perform it: it is no promise`
      yield { ...warning(subject, placed, message), offset }
    } else if (taken !== null && (isOnlyAsked || RESULTS.has(taken))) {
      const result = taken === "truth" ? "a truth" : "its result"
      const more = taken === "truth" ? ": it is always true" : ""
      const message = `${what.words}, kept in \`${binding.name}\`, is taken for ${result} here, and was not performed${more}`
      const severity = isCertain(subject, what, taken) ? "error" : "warning"
      yield { ...warning(subject, placed, message), offset, severity }
    }
  }
}

function readsOf({ module }: Subject, { refs }: Binding): Node[] {
  return refs.filter(({ node, write }) => !write && !module.analysis.bindingOf.has(node)).map(({ node }) => node)
}

/** What can be meant of nothing that is to be performed, even if it is performed elsewhere. */
const RESULTS: ReadonlySet<Use> = new Set<Use>(["number", "sum", "text"])

/** What alone is taken of it where it is read; null if it goes on from there as what it is. */
function takenFor({ tree, names }: Subject, node: Node): Use | null {
  const use = tree.taker(node)
  if (use === null || tree.parent(use)?.type === "TaggedTemplateExpression") return null
  let found: Use | null = null
  eachOperand(use, (operand, how, other) => {
    if (bare(operand) !== node) return
    if (how === "choice") found = use.operator === "&&" ? "truth" : null
    else if (how !== "equality" || other === null || !isSomebodys(names.value(other))) found = how
  })
  return found
}

/** What may be the same thing: a call's value, or a variable's of which nothing is known. */
function isSomebodys({ type, name }: Node): boolean {
  return type === "CallExpression" || (type === "Identifier" && name !== "undefined")
}

function warning(subject: Subject, placed: Placed, message: string): Finding {
  const { start } = placed.node
  return { code: "ROVE_FORGOTTEN_YIELD", severity: "warning", message, hint: remedy(subject, placed), offset: start }
}
