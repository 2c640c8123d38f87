/** Owns the lowering of statements: what cannot stop is emitted untouched, the rest is broken up into states. */

import type { Binding, Scope } from "../2-analyze/bindings.ts"
import { boundNames, type Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Label } from "./builder.ts"
import { disposingStatements } from "./disposal.ts"
import { expression, lowerTest } from "./expressions.ts"
import { enterScope } from "./functions.ts"
import { jump, leap } from "./leaps.ts"
import { lowerLoop } from "./loops.ts"
import type { Lowering, Surrounding } from "./lowering.ts"
import { hintFor, isAnonymous } from "./named.ts"
import { bindPattern } from "./patterns.ts"
import { initializerText, printed } from "./printed.ts"
import { mark, type Place, text } from "./text.ts"
import { lowerTry } from "./tries.ts"

export function placeOf(l: Lowering): Place {
  return l.place
}

export function statements(l: Lowering, list: readonly Node[]): void {
  for (const s of list) statement(l, s)
}

export function statement(l: Lowering, node: Node, labels: readonly string[] = []): void {
  const { taken } = l
  if (l.module.lineEvents && !lineless.has(node.type)) lineEvent(l, node)
  const stops = suspends(node)
  l.b.begin(stops ? node.start : null)
  if (!stops) untouched(l, node)
  else lower(l, node, labels)
  l.release(taken)
}

/** Statements that are nothing by themselves, or ran before. */
const lineless = new Set(["BlockStatement", "EmptyStatement", "FunctionDeclaration", "LabeledStatement"])

/** Tells hooks, if there are some, that a statement begins. */
function lineEvent(l: Lowering, node: Node): void {
  const { line, column } = l.module.position(node.start)
  l.b.line(`if (${l.r("m")}.hooks !== null) ${l.module.helper("line")}(${l.r("m")}, ${line}, ${column});`)
}

/** Emits a statement that cannot stop, with what it defines for certain. */
export function untouched(l: Lowering, node: Node): void {
  const { b } = l
  if (node.type === "VariableDeclaration") {
    declaration(l, node)
    return
  }
  if (node.type === "EmptyStatement") return
  l.untouched.push(node)
  const simple = node.type === "ExpressionStatement" ? assignedSlot(l, node.expression) : null
  const emitted = simple === null && compound(node) ? b.uncertain(() => text(placeOf(l), node)) : text(placeOf(l), node)
  l.untouched.pop()
  const forgotten = node.type === "ExpressionStatement" ? forgottenText(l, node.expression, emitted) : null
  if (forgotten !== null) b.line(forgotten)
  else if (emitted.trim() !== "") b.line(terminated(node, emitted))
  if (simple !== null) b.def(simple)
  if (
    node.type === "ReturnStatement" ||
    node.type === "ThrowStatement" ||
    node.type === "BreakStatement" ||
    node.type === "ContinueStatement"
  )
    b.ends()
}

/** The source may have left the semicolon out. */
function terminated(node: Node, emitted: string): string {
  const open =
    !compound(node) ||
    node.type === "VariableDeclaration" ||
    node.type === "BreakStatement" ||
    node.type === "ContinueStatement"
  if (!open) return emitted
  const last = emitted.trimEnd().at(-1)
  return last === ";" || (last === "}" && node.type === "ReturnStatement") ? emitted : `${emitted};`
}

/** `sleep(1);` as a statement performs nothing: the check is in the runtime. */
function forgottenText(l: Lowering, node: Node, emitted: string): string | null {
  if (node.type !== "CallExpression") return null
  const statementText = emitted.trimEnd()
  const inner = statementText.endsWith(";") ? statementText.slice(0, -1) : statementText
  const { line, column } = l.module.position(node.start)
  const helper = l.module.helper(isCollecting(node) ? "discardOperation" : "discard")
  const place = `${l.module.moduleId}:${line}:${column}`
  return `${mark(placeOf(l), node)}${helper}(${inner}, ${JSON.stringify(place)}, ${JSON.stringify(l.name)});`
}

/** `map.set(key, value)` and `set.add(value)`. */
function isCollecting({ callee, arguments: given }: Node): boolean {
  if (callee.type !== "MemberExpression" || callee.computed) return false
  const { name } = callee.property
  return (name === "set" && given.length === 2) || (name === "add" && given.length === 1)
}

function compound(node: Node): boolean {
  return node.type !== "ExpressionStatement" && node.type !== "ReturnStatement" && node.type !== "ThrowStatement"
}

/** The slot that a plain assignment defines, or null. */
function assignedSlot(l: Lowering, node: Node): string | null {
  if (node.type !== "AssignmentExpression" || node.operator !== "=" || node.left.type !== "Identifier") return null
  const binding = l.analysis.refOf.get(node.left)?.binding
  return binding != null && binding.mode === "slot" && binding.owner === l.unit ? binding.local : null
}

function lower(l: Lowering, node: Node, labels: readonly string[]): void {
  const { b } = l
  switch (node.type) {
    case "ExpressionStatement": {
      const value = expression(l, node.expression, false)
      if (value !== "") b.line(`${value};`)
      return
    }
    case "VariableDeclaration":
      declaration(l, node)
      return
    case "ReturnStatement": {
      const value = expression(l, node.argument, true)
      b.line(`${leap(l, { to: "return" }, value)};`)
      b.ends()
      return
    }
    case "ThrowStatement":
      b.line(`throw ${expression(l, node.argument, true)};`)
      b.ends()
      return
    case "BlockStatement":
      block(l, node, labels)
      return
    case "IfStatement":
      ifStatement(l, node)
      return
    case "LabeledStatement": {
      const all = [...labels, node.label.name]
      if (isIteration(node.body) || node.body.type === "LabeledStatement") statement(l, node.body, all)
      else breakable(l, "block", all, () => statement(l, node.body))
      return
    }
    case "SwitchStatement":
      switchStatement(l, node, labels)
      return
    case "TryStatement":
      lowerTry(l, node)
      return
    case "ClassDeclaration":
      declareClass(l, node)
      return
    default:
      if (isIteration(node)) lowerLoop(l, node, labels)
      else
        l.module.problem(
          node,
          `${node.type} with a suspension inside is not covered`,
          "move the yield into a statement of its own",
        )
  }
}

function isIteration(node: Node): boolean {
  return node.type.startsWith("For") || node.type === "WhileStatement" || node.type === "DoWhileStatement"
}

/** A class with heritage or keys that stop. */
function declareClass(l: Lowering, node: Node): void {
  const { mode, local } = l.analysis.bindingOf.get(node.id) as Binding
  const made = expression(l, { ...node, type: "ClassExpression", original: node }, true)
  if (mode === "cell") l.b.line(`${local}.v = ${made};`)
  else l.assign(local, made)
}

/** Emits `run` with a place behind it that `break` goes to. */
function breakable(l: Lowering, type: Surrounding["type"], labels: readonly string[], run: () => void): void {
  const end = l.b.label()
  l.surroundings.push({ type, labels, breaks: end, continues: null, finalizer: null })
  run()
  l.surroundings.pop()
  placeIfUsed(l, end)
}

function placeIfUsed(l: Lowering, label: Label): void {
  if (label.targeted) l.b.place(label)
}

function block(l: Lowering, node: Node, labels: readonly string[]): void {
  const run = (): void => {
    const scope = l.analysis.scopeOf.get(node)
    if (scope !== undefined) enterScope(l, scope)
    disposingStatements(l, node.body)
  }
  if (labels.length > 0) breakable(l, "block", labels, run)
  else run()
}

/** `if … else if … else`: all of them end in one place. */
function ifStatement(l: Lowering, node: Node): void {
  const { b } = l
  const end = b.label()
  let n: Node = node
  for (;;) {
    const otherwise = n.alternate === null ? end : b.label()
    const { test } = n
    l.scoped(() => lowerTest(l, test, otherwise, false))
    statement(l, n.consequent)
    if (n.alternate === null) break
    b.line(`${jump(l, end)};`)
    b.ends()
    b.place(otherwise)
    if (n.alternate.type !== "IfStatement" || !suspends(n.alternate) || l.module.lineEvents) {
      statement(l, n.alternate)
      break
    }
    n = n.alternate
  }
  b.place(end)
}

function switchStatement(l: Lowering, node: Node, labels: readonly string[]): void {
  const { b } = l
  const subject = l.temporary()
  l.assign(subject, expression(l, node.discriminant, true))
  const scope = l.analysis.scopeOf.get(node) as Scope
  enterScope(l, scope)
  const places: Label[] = node.cases.map(() => b.label())
  node.cases.forEach((c: Node, i: number) => {
    if (c.test === null) return
    const test = expression(l, c.test, true)
    b.line(`if (${l.use(subject)} === (${test})) { ${jump(l, places[i] as Label)}; }`)
  })
  const end = b.label()
  const fallback = node.cases.findIndex((c: Node) => c.test === null)
  b.line(`${jump(l, fallback === -1 ? end : (places[fallback] as Label))};`)
  b.ends()
  l.surroundings.push({ type: "switch", labels, breaks: end, continues: null, finalizer: null })
  node.cases.forEach((c: Node, i: number) => {
    b.place(places[i] as Label)
    statements(l, c.consequent)
  })
  l.surroundings.pop()
  b.place(end)
}

/** `var`, `let` and `const`: assignments to slots and cells, in order. */
export function declaration(l: Lowering, node: Node): void {
  const { b } = l
  if (node.kind === "using") {
    const stack = l.resources.at(-1) as string
    for (const v of node.declarations)
      assignBinding(
        l,
        v.id,
        `${stack}.use(${expression(l, v.init, true, isAnonymous(v.init) ? hintFor(v, v.init) : null)})`,
      )
    return
  }
  if (!suspends(node)) {
    l.untouched.push(node)
    const emitted = text(placeOf(l), node)
    l.untouched.pop()
    if (emitted.trim() !== "") b.line(terminated(node, emitted))
    defineNames(l, node)
    return
  }
  for (const v of node.declarations) {
    if (v.init === null) {
      if (node.kind !== "var") assignBinding(l, v.id, "void 0")
      continue
    }
    if (v.id.type === "Identifier")
      assignBinding(l, v.id, expression(l, v.init, true, isAnonymous(v.init) ? hintFor(v, v.init) : null))
    else bindPattern(l, v.id, expression(l, v.init, true), initializerText(v.init), printed(v.init))
  }
}

function defineNames(l: Lowering, node: Node): void {
  for (const v of node.declarations) {
    if (v.init === null && node.kind === "var") continue
    for (const id of boundNames(v.id)) {
      const binding = l.analysis.refOf.get(id)?.binding
      if (binding?.mode === "slot" && binding.owner === l.unit) l.b.def(binding.local)
    }
  }
}

export function assignBinding(l: Lowering, id: Node, value: string): void {
  const target = text(placeOf(l), id)
  l.b.line(`${target} = ${value};`)
  const binding = l.analysis.refOf.get(id)?.binding
  if (binding?.mode === "slot" && binding.owner === l.unit) l.b.def(binding.local)
}
