/** Owns the rule: fiber code does not change what is declared at module level, which every thread has for itself. */
import type { Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { changeOf } from "./changes.ts"
import { kindOf } from "./containers.ts"
import type { Subject } from "./finding.ts"
import { methodOf } from "./methods.ts"

/** Functions of ours that make an object which fibers share by its handle. */
const SHARED = new Set(["barrier", "channel", "latch", "mutex", "readWriteLock", "semaphore"])

export function* moduleState(subject: Subject): Generator<Finding> {
  const fiberCode = unitsOfFibers(subject)
  for (const scope of subject.module.analysis.scopes) {
    if (scope.unit.kind !== "program") continue
    for (const binding of scope.bindings.values())
      yield* told(binding.name, binding.refs, fiberCode, ref => changed(subject, binding, ref))
  }
  for (const unit of subject.module.analysis.unitOf.values())
    if (unit.kind === "class" && unit.parent?.kind === "program") yield* ofClass(subject, unit, fiberCode)
}

/** Once in each function. */
function* told(
  name: string,
  refs: readonly Ref[],
  fiberCode: ReadonlySet<Unit>,
  changeAt: (ref: Ref) => Change | null,
): Generator<Finding> {
  const told = new Set<Unit>()
  for (const ref of refs) {
    if (!fiberCode.has(ref.unit) || told.has(ref.unit)) continue
    const found = changeAt(ref)
    if (found === null) continue
    const { how, where, hint } = found
    told.add(ref.unit)
    yield {
      code: "ROVE_MODULE_STATE",
      severity: "warning",
      message: `${how} by code that fibers run: each thread has its own \`${name}\`, and a fiber may change threads`,
      hint,
      offset: where.start,
    }
  }
}

/** What its own members change of it, by its name or as `this` of static ones. */
function* ofClass(subject: Subject, unit: Unit, fiberCode: ReadonlySet<Unit>): Generator<Finding> {
  const { node } = unit
  const name = node.id?.name ?? subject.tree.taker(node)?.id?.name
  if (name === undefined || kindOf(subject, node) === null) return
  const inner = node.id === null ? undefined : unit.scope?.bindings.get(name)
  const isStatic = (fn: Node) => node.body.body.some((m: Node) => m.static && m.value === fn)
  const refs = unit.units.flatMap(u => (isStatic(u.node) ? (u.thisBinding?.refs ?? []) : []))
  yield* told(name, [...(inner?.refs ?? []), ...refs], fiberCode, ref => {
    const where = changeOf(subject, ref.node, node)
    return where === null ? null : { how: `the module's \`${name}\` is changed`, where, hint: OWN }
  })
}

/** Compiled functions, what stands in them, and functions, methods and classes of the module that they call and make. */
function unitsOfFibers(subject: Subject): Set<Unit> {
  const { module, tree } = subject
  const result = new Set<Unit>()
  const add = (unit: Unit): void => {
    if (result.has(unit)) return
    result.add(unit)
    for (const inner of unit.units) add(inner)
    for (const call of callsOf.get(unit) ?? []) add(call)
  }
  const callsOf = new Map<Unit, Unit[]>()
  for (const { node, unit } of [...tree.calls, ...tree.made]) {
    const called = calledBy(subject, unit, node)
    const known = callsOf.get(unit)
    if (known === undefined) callsOf.set(unit, called)
    else known.push(...called)
  }
  for (const unit of module.analysis.unitOf.values()) if (unit.compiled) add(unit)
  return result
}

/** What of this module runs with a call, as far as that can be seen. */
function calledBy(subject: Subject, unit: Unit, call: Node): Unit[] {
  const { names, module } = subject
  const callee = bare(call.callee)
  const fn = names.function(callee)
  if (fn !== null) return [fn]
  const made = call.type === "NewExpression" ? names.value(callee) : null
  if (made !== null && isClass(made)) {
    const { units = [] } = module.analysis.unitOf.get(made) ?? {}
    return units.filter(({ kind, node }) => (kind === "field" ? !isOnce(node) : isConstructor(made, node)))
  }
  const method = callee.type === "MemberExpression" ? methodOf(subject, unit, callee) : null
  return method === null ? [] : [method.unit]
}

/** It runs when the class is made. */
function isOnce(member: Node): boolean {
  return member.type === "StaticBlock" || member.static === true
}

function isConstructor(made: Node, fn: Node): boolean {
  return made.body.body.some((m: Node) => m.kind === "constructor" && bare(m.value) === fn)
}

interface Change {
  readonly how: string
  readonly where: Node
  readonly hint: string
}

function changed(subject: Subject, binding: Binding, ref: Ref): Change | null {
  const name = `\`${binding.name}\``
  const hint = OWN
  if (ref.write)
    return binding.kind === "let" || binding.kind === "var"
      ? { how: `the module's variable ${name} is assigned`, where: ref.node, hint }
      : null
  const shared = sharedOf(subject, binding)
  if (shared !== null) return { how: `the module's ${shared} ${name} is used`, where: ref.node, hint: PASS }
  const container = containerOf(subject, binding)
  const where = container === null ? null : changeOf(subject, ref.node, container)
  return where === null ? null : { how: `the module's ${name} is changed`, where, hint }
}

const OWN =
  "keep one per thread on purpose with ThreadLocal, one per fiber with ContextVar, or pass it as an argument and return it"
const PASS = "make it once, in a fiber or in ordinary code, and pass it as an argument: its copies lead to the same one"

/** A lock or a channel that the module makes: one by each thread. */
function sharedOf({ names }: Subject, binding: Binding): string | null {
  const made = binding.kind === "const" ? names.declared(binding) : null
  const call = made === null ? null : bare(made)
  const name = call?.type === "CallExpression" ? names.ofRove(call.callee) : null
  return name !== null && SHARED.has(name) ? name : null
}

/** What the variable was declared with, if that is an object of this module that can be changed. */
function containerOf(subject: Subject, binding: Binding): Node | null {
  const { module, tree, names } = subject
  if (binding.kind === "class") {
    const made = names.declared(binding)
    return made === null || kindOf(subject, made) === null ? null : made
  }
  if (binding.kind !== "const" && binding.kind !== "let" && binding.kind !== "var") return null
  for (const { node } of tree.definitions)
    if (node.type === "VariableDeclarator" && module.analysis.bindingOf.get(node.id) === binding) {
      const value = binding.kind === "const" ? names.value(node.init) : bare(node.init)
      return kindOf(subject, value) === null ? null : value
    }
  return null
}
