/**
 * Owns the decision how each variable of a compiled function is kept:
 * native (declared inside something that is emitted untouched), slot (a variable of the step function, saved in the
 * frame where it is live) or cell (`{v}`, shared with closures that may see it change).
 */

import type { Analysis, Binding, Ref, Scope, Unit } from "../2-analyze/bindings.ts"
import { flatHead } from "../2-analyze/flat.ts"
import { bare, children, isClass, isFunction, type Node, openChildren, someChild } from "../2-analyze/nodes.ts"
import { isApart, isLoop, suspends } from "../2-analyze/suspends.ts"
import type { ModuleState } from "./module.ts"

/** Names that cannot be fields of a frame or variables of strict code. */
const reserved = new Set([
  "let",
  "static",
  "yield",
  "await",
  "implements",
  "interface",
  "package",
  "private",
  "protected",
  "public",
  // fields of every frame
  "pc",
  "caller",
  "closure",
  "constructor",
])

const lexical = new Set(["let", "const", "class", "using", "param", "catch"])

/** A loop whose parts cannot stop: it stays a native loop, with its header as resume point. */
function isNativeLoop(analysis: Analysis, node: Node): boolean {
  return (
    isLoop(node) &&
    !isApart(node) &&
    !someChild(node, c => suspends(c) && !(c === node.left && flatHead(analysis, node) !== null))
  )
}

export function decideVariables(module: ModuleState, unit: Unit): void {
  const { analysis } = module
  const native = nativeScopes(analysis, unit)
  const bindings = bindingsOf(unit)
  for (const binding of bindings) decide(module, unit, binding, native)
  for (const scope of native) spread(scope)
  nameVariables(module, unit, bindings)
}

/**
 * The names of slots. Variables of the same name are one slot if the scope of the one ends before that of the other begins, so that
 * an engine's error calls both as the source does; what shadows another variable gets a name that nothing in the module has.
 */
function nameVariables(module: ModuleState, unit: Unit, bindings: readonly Binding[]): void {
  /** How each name is kept, and where the scopes end that it was the variable of. */
  const taken = new Map<string, { readonly mode: Binding["mode"]; readonly end: number }>()
  const native = nativeByName(bindings)
  for (const binding of bindings) {
    const { kind, name, mode, scope } = binding
    if (mode === "native") continue
    if (kind === "this" || kind === "home" || kind === "arguments") {
      binding.local = module.unique(module.prefix + (kind === "this" ? "self" : kind))
      continue
    }
    const own = reserved.has(name) ? module.prefix + name : name
    const before = taken.get(name)
    const { start, end } = scope.node
    const isFree = before === undefined || (before.mode === mode && before.end <= start)
    const isHidden = native.get(name)?.some(({ node }) => node.start <= start && end <= node.end) === true
    if (!isFree || isHidden || own !== name || unit.outer.has(name) || scope.kind === "class")
      binding.local = module.unique(own)
    else taken.set(name, { mode, end })
  }
}

/** The scopes of variables that stand in the text as they are: what is declared around that text is not seen in there. */
function nativeByName(bindings: readonly Binding[]): ReadonlyMap<string, readonly Scope[]> {
  const found = new Map<string, Scope[]>()
  for (const { mode, name, scope } of bindings) {
    if (mode !== "native") continue
    const scopes = found.get(name)
    if (scopes === undefined) found.set(name, [scope])
    else scopes.push(scope)
  }
  return found
}

function decide(module: ModuleState, unit: Unit, binding: Binding, native: ReadonlySet<Scope>): void {
  let guardedWrite = false
  let early = binding.early
  for (const ref of binding.refs) {
    if (module.analysis.bindingOf.has(ref.node)) continue
    if (proved(binding, ref)) continue
    binding.checked = true
    if (ref.write) guardedWrite = true
    if (ref.unit !== binding.owner) early = true
  }
  const cell = (binding.captured && (binding.assigned || early)) || guardedWrite || isMapped(unit, binding)
  binding.mode = cell ? "cell" : native.has(binding.scope) && !binding.checked && !binding.twin ? "native" : "slot"
  if (binding.kind === "arguments") {
    binding.checked = false
    if (!cell) binding.mode = "slot"
  }
  if (binding.kind === "this" || binding.kind === "home" || binding.kind === "self") {
    binding.mode = "slot"
    binding.checked = false
  }
  if (unit.scope === null) binding.mode = "slot"
}

/** A parameter of a sloppy function with `arguments`: both are one variable, which a cell of its own kind opens. */
function isMapped(unit: Unit, binding: Binding): boolean {
  return binding.kind === "param" && hasMappedArguments(unit)
}

/** Whether the arguments object and the parameters of the function are aliases. */
export function hasMappedArguments(unit: Unit): boolean {
  return !unit.strict && unit.argumentsBinding !== null && unit.node.params.every((p: Node) => p.type === "Identifier")
}

/** Whether the use surely comes after the initialisation (or there is none to wait for). */
export function proved(binding: Binding, ref: Ref): boolean {
  if (!lexical.has(binding.kind) || binding.ready === -1) return true
  if (binding.scope.kind === "switch") return false
  if (ref.unit === binding.owner) return ref.node.start >= binding.ready
  let unit = ref.unit
  while (unit.parent !== null && unit.parent !== binding.owner) unit = unit.parent
  return unit.node.type !== "FunctionDeclaration" && unit.node.start >= binding.ready
}

/** One declaration keeps all its names natively or none; so does the pattern of a catch in which one is a cell. */
function spread(scope: Scope): void {
  if (scope.kind === "catch") {
    const all = [...scope.bindings.values()]
    if (all.some(b => b.mode === "cell")) for (const b of all) if (b.mode === "native") b.mode = "slot"
    return
  }
  const list: Node[] =
    scope.node.type === "SwitchStatement"
      ? scope.node.cases.flatMap((c: Node) => c.consequent)
      : (scope.node.body ?? [])
  if (!Array.isArray(list)) return
  for (const s of list) {
    if (s.type !== "VariableDeclaration") continue
    const names = new Set<string>()
    for (const v of s.declarations) collect(v.id, names)
    const bindings = [...names].map(n => scope.bindings.get(n)).filter(b => b !== undefined)
    if (bindings.some(b => b.mode !== "native")) for (const b of bindings) if (b.mode === "native") b.mode = "slot"
  }
}

function collect(pattern: Node | null, into: Set<string>): void {
  if (pattern === null) return
  if (pattern.type === "Identifier") into.add(pattern.name)
  else for (const c of children(pattern)) collect(c.type === "Property" ? c.value : c, into)
}

/** All variables of a unit, `this` and the like among them. */
export function bindingsOf(unit: Unit): readonly Binding[] {
  const result: Binding[] = []
  for (const scope of unit.scopes) for (const b of scope.bindings.values()) result.push(b)
  // `var arguments` is a name of the scope too
  for (const b of [unit.thisBinding, unit.argumentsBinding, unit.homeBinding, unit.targetBinding])
    if (b !== null && !result.includes(b)) result.push(b)
  return result
}

/** Scopes of the unit that lie inside something emitted untouched. */
function nativeScopes(analysis: Analysis, unit: Unit): Set<Scope> {
  const result = new Set<Scope>()
  const scopes = unit.scopes.filter(scope => analysis.scopeOf.get(scope.node) === scope)
  scopes.sort((a, b) => a.node.start - b.node.start)
  const natives = untouchedIn(analysis, bare(unit.node.body))
  let i = 0
  for (const scope of scopes) {
    const { start, end } = scope.node
    while (i < natives.length && (natives[i] as Node).end <= start) i++
    const native = natives[i]
    if (native !== undefined && native.start <= start && end <= native.end) result.add(scope)
  }
  return result
}

/** What is emitted untouched of a function, in the order of the source. */
function untouchedIn(analysis: Analysis, body: Node): Node[] {
  const result: Node[] = []
  // the statements of the function's own block are not inside a construct
  const open: Node[] = body.type === "BlockStatement" ? body.body.toReversed() : []
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isFunction(node) || isClass(node)) continue
    // the parameter of a lowered catch is bound by states
    if (node.type === "CatchClause") open.push(node.body)
    else if (!suspends(node)) result.push(node)
    else if (isNativeLoop(analysis, node)) result.push(node.body)
    else openChildren(node, open)
  }
  return result
}
