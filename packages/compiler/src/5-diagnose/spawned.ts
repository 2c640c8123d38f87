/**
 * Owns the question of which functions of the module fibers are started, and of which functions these take a copy, with the
 * variables that they capture.
 */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { methodOf } from "./methods.ts"
import { property } from "./names.ts"
import { starterOf, startsOf, type Taken } from "./starters.ts"
import { isWithin } from "./tree.ts"

export interface Spawn {
  /** The call of `spawn`, or of another operation that starts fibers. */
  readonly call: Node
  /** The operation's own name. */
  readonly name: string
  /** The function in which it stands. */
  readonly unit: Unit
  /** Functions of which the child gets its own, and whether it surely does. */
  readonly copied: ReadonlyMap<Unit, boolean>
  /** Functions whose computations become fibers. */
  readonly roots: ReadonlySet<Unit>
}

/** What a spawn is found to copy, as long as it is looked for. */
interface Search {
  readonly subject: Subject
  /** The function in which the expression stands. */
  readonly unit: Unit
  readonly sure: boolean
  readonly into: Map<Unit, boolean>
  readonly roots: Set<Unit>
  readonly depth: number
}

export function spawnsOf(subject: Subject): Spawn[] {
  const result: Spawn[] = []
  for (const { node, unit } of subject.tree.calls) {
    const starter = node.arguments.length === 0 ? null : starterOf(subject, node)
    if (starter === null) continue
    const copied = new Map<Unit, boolean>()
    const roots = new Set<Unit>()
    TAKES[starter.takes]({ subject, unit, sure: true, into: copied, roots, depth: 0 }, node)
    for (const [one, sure] of copied) companions(subject, one, sure, copied)
    // a pool refuses what captures variables of an ordinary function, which is what calls it
    if (starter.isPool) copied.clear()
    if (copied.size > 0 || roots.size > 0) result.push({ call: node, name: starter.name, unit, copied, roots })
  }
  return result
}

type Takes = (search: Search, call: Node) => void

const TAKES: Readonly<Record<Taken, Takes>> = {
  computation: (search, call) => given(search, call.arguments[0]),
  branches: (search, call) => elements(search, call.arguments[0]),
  function: (search, call) => starting(search, call.arguments[1]),
  // some of its calls are made by the fiber itself
  combiner: (search, call) => starting({ ...search, sure: false }, call.arguments[1]),
  children: (search, call) => {
    for (const start of startsOf(search.subject, call)) starting(search, start)
  },
}

/** What runs, as a branch, in the branch's fiber what it is given, and whether that is certain. Other operations may be done at once by the parent. */
const RUNS_INSIDE: ReadonlyMap<string, boolean> = new Map([
  ["scope", true],
  ["timeout", true],
  ["deadline", true],
  ["retry", true],
  ["uninterruptible", true],
  ["supervisor", false],
  ["each", false],
])

/** A function whose computations become fibers: one of its own runs where it is called, and only what it gives is started. */
function starting(search: Search, expression: Node | undefined): void {
  if (expression === undefined) return
  const { subject, unit } = search
  const node = bare(expression)
  const fn = subject.names.function(node)
  const method = fn === null && node.type === "MemberExpression" ? methodOf(subject, unit, node) : null
  const callee = fn ?? method?.unit
  if (callee === undefined) return
  const inner = { ...search, sure: search.sure && (method === null || method.sure) }
  if (callee.node.generator === true) root(inner, callee, inner.sure)
  else if (callee.node.async !== true) results(inner, callee)
}

function add({ into }: Search, unit: Unit, sure: boolean): void {
  into.set(unit, sure || into.get(unit) === true)
}

function root(search: Search, unit: Unit, sure: boolean): void {
  search.roots.add(unit)
  add(search, unit, sure)
}

/** An unstarted computation: its function, and the functions among its arguments. */
function given(search: Search, expression: Node): void {
  const { subject, depth } = search
  if (depth > 8) return
  const inner = { ...search, depth: depth + 1 }
  const node = subject.names.value(expression)
  switch (node.type) {
    case "CallExpression":
      called(inner, node)
      break
    case "ConditionalExpression":
      given(inner, node.consequent)
      given(inner, node.alternate)
      break
    case "LogicalExpression":
      given(inner, node.left)
      given(inner, node.right)
      break
    case "Identifier":
      oneOf(inner, node)
  }
}

/** A call that gives an unstarted computation. */
function called(search: Search, call: Node): void {
  const { subject, unit } = search
  const member = bare(call.callee)
  const fn = calleeOf(subject, call)
  const method = fn === null && member.type === "MemberExpression" ? methodOf(subject, unit, member) : null
  const callee = fn ?? method?.unit ?? null
  const name = subject.names.ofRove(member)
  const known = fn !== null || method?.sure === true || (name !== null && RUNS_INSIDE.get(name) === true)
  const sure = search.sure && known
  if (callee !== null && callee.node.generator !== true) {
    // it runs in the parent, and what it is given it may keep for itself
    if (callee.node.async !== true) results({ ...search, sure }, callee)
    return
  }
  if (callee !== null) root(search, callee, sure)
  if (name !== null && !RUNS_INSIDE.has(name)) return // those that start fibers are looked at themselves
  for (const argument of call.arguments) handedOver({ ...search, sure, roots: new Set() }, argument)
}

/** What an ordinary function gives. */
function results(search: Search, callee: Unit): void {
  const inner = { ...search, unit: callee }
  if (callee.node.body.type !== "BlockStatement") given(inner, callee.node.body)
  else for (const { node, unit } of search.subject.tree.returned) if (unit === callee) given(inner, node)
}

/** The variable of a `for (const c of list.map(…))`. */
function oneOf(search: Search, name: Node): void {
  const { names, module } = search.subject
  const binding = names.binding(name)
  const loop = binding?.scope.node
  if (binding?.kind !== "const" || loop?.type !== "ForOfStatement") return
  if (module.analysis.bindingOf.get(loop.left.declarations[0].id) === binding) elements(search, loop.right)
}

/** The elements of a list of computations: `[f(), g()]`, `list.map(x => f(x))`; or of an object, `{ a: f() }`. */
function elements(search: Search, expression: Node): void {
  const { names } = search.subject
  if (search.depth > 8) return
  const list = names.value(expression)
  if (list.type === "ArrayExpression") {
    for (const e of list.elements)
      if (e?.type === "SpreadElement") elements({ ...search, depth: search.depth + 1 }, e.argument)
      else if (e !== null) given(search, e)
  } else if (list.type === "ObjectExpression") {
    for (const p of list.properties) if (p.type === "Property") given(search, p.value)
  } else if (list.type === "CallExpression" && bare(list.callee).type === "MemberExpression") {
    const { object } = bare(list.callee)
    const callback = list.arguments[0] === undefined ? null : names.function(list.arguments[0])
    const sure = search.sure && names.value(object).type === "ArrayExpression"
    if (property(bare(list.callee)) === "map" && callback !== null && callback.node.generator !== true)
      results({ ...search, sure }, callback)
  }
}

/** The function that is called: `f()`, `f.call(x)`, `(function* () {})()`. */
export function calleeOf({ names }: Subject, call: Node): Unit | null {
  const callee = bare(call.callee)
  const direct = names.function(callee)
  if (direct !== null) return direct
  if (callee.type !== "MemberExpression") return null
  const name = property(callee)
  return name === "call" || name === "apply" ? names.function(callee.object) : null
}

/** A value that is cloned for the child. */
function handedOver(search: Search, expression: Node): void {
  const { subject, sure } = search
  const node = bare(expression)
  const unit = subject.names.function(node)
  if (unit !== null) add(search, unit, sure)
  else if (node.type === "ArrayExpression") {
    for (const e of node.elements) if (e !== null) handedOver(search, e)
  } else if (node.type === "ObjectExpression") {
    for (const p of node.properties) if (p.type === "Property" && p.kind === "init") handedOver(search, p.value)
  } else if (node.type === "CallExpression" && calleeOf(subject, node)?.node.generator === true) given(search, node)
}

/** Local functions that a copied one calls are copied with it. */
function companions(subject: Subject, unit: Unit, sure: boolean, into: Map<Unit, boolean>): void {
  const { module, tree, names } = subject
  for (const call of tree.calls) {
    const { start, end } = call.node
    if (start < unit.node.start || end > unit.node.end || !isWithin(call.unit, unit)) continue
    const member = bare(call.node.callee)
    const fn = names.function(member)
    const method = fn === null && member.type === "MemberExpression" ? methodOf(subject, call.unit, member) : null
    const callee = fn ?? method?.unit
    if (callee === undefined || isWithin(callee, unit) || callee.parent === module.analysis.program) continue
    const certain = sure && (method === null || method.sure)
    if (certain || !into.has(callee)) into.set(callee, certain || into.get(callee) === true)
  }
}
