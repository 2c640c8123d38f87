/** Owns the rule: a method of which fibers are started does not change its object, which is a copy, for a parent that reads its own afterwards. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isFunction, type Node, openChildren } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { changeOf } from "./changes.ts"
import { memberOf } from "./containers.ts"
import { instead, placed } from "./copies.ts"
import { at, called, type Subject } from "./finding.ts"
import { methodOf } from "./methods.ts"
import { memberName } from "./names.ts"
import { runsAfter } from "./order.ts"
import type { Spawn } from "./spawned.ts"
import { branchesOf, starterOf } from "./starters.ts"
import { leaves, type Placed } from "./tree.ts"

export function* receivers(subject: Subject): Generator<Finding> {
  const told = new Set<Node>()
  for (const spawn of subject.spawns())
    for (const { node, unit } of computationsOf(subject, spawn)) {
      const value = subject.names.value(node)
      const member = value.type === "CallExpression" ? bare(value.callee) : null
      if (member?.type !== "MemberExpression") continue
      const method = methodOf(subject, unit, member)
      if (method === null || method.unit.node.generator !== true) continue
      for (const [name, change] of changesIn(subject, method.unit)) {
        const read = readBehind(subject, spawn, member.object, name)
        if (read === undefined || told.has(read)) continue
        told.add(read)
        yield finding(subject, spawn, method.unit, change, read)
      }
    }
}

/** What is given to be started, as far as the module shows it. */
function computationsOf(subject: Subject, { call, unit }: Spawn): Placed[] {
  const takes = starterOf(subject, call)?.takes
  if (takes === "computation") return [{ node: call.arguments[0], unit }]
  if (takes === "branches") return branchesOf(subject, call).map(node => ({ node, unit }))
  const given = takes === "function" && call.arguments.length > 1 ? subject.names.function(call.arguments[1]) : null
  if (given === null || given.node.generator === true || given.node.async === true) return []
  if (given.node.body.type === "BlockStatement") return subject.tree.returned.filter(one => one.unit === given)
  const found: Placed[] = []
  leaves(given.node.body, given, found)
  return found
}

/** The properties of `this` that the method changes, itself or by methods of its own, each with a place. */
function changesIn(subject: Subject, unit: Unit, found = new Map<string, Node>(), seen = new Set<Unit>()) {
  seen.add(unit)
  for (const member of ofThis(unit)) {
    const name = memberName(member)
    if (name === null || found.has(name)) continue
    const holder = holderOf(unit)
    const field = holder === null ? null : fieldOf(holder, name)
    const isChanged =
      subject.tree.isWritten(member) ||
      (field !== null && changeOf(subject, member, subject.names.value(field)) !== null)
    if (isChanged && !isSetter(holder, name)) found.set(name, member)
    const inner = isCalled(subject, member) ? methodOf(subject, unit, member) : null
    if (inner !== null && !seen.has(inner.unit)) changesIn(subject, inner.unit, found, seen)
  }
  return found
}

/** Members of the method's own `this`, which arrow functions share. */
function* ofThis({ node: { body } }: Unit): Generator<Node> {
  const open: Node[] = [body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ((isFunction(node) && node.type !== "ArrowFunctionExpression") || node.type.startsWith("Class")) continue
    if (node.type === "MemberExpression" && bare(node.object).type === "ThisExpression") yield node
    openChildren(node, open)
  }
}

function isCalled({ tree }: Subject, member: Node): boolean {
  const use = tree.taker(member)
  return use?.type === "CallExpression" && bare(use.callee) === member
}

/** The class or the literal whose method it is. */
function holderOf(unit: Unit): Node | null {
  return unit.literal ?? (unit.parent?.kind === "class" ? unit.parent.node : null)
}

function membersOf(holder: Node): Node[] {
  return holder.type === "ObjectExpression" ? holder.properties : holder.body.body
}

/** What an instance has there to begin with. */
function fieldOf(holder: Node, name: string): Node | null {
  if (holder.type === "ObjectExpression") return memberOf(holder, name)
  const field = membersOf(holder).find(m => m.type === "PropertyDefinition" && !m.static && isNamed(m, name))
  return field?.value ?? null
}

/** What a setter does is its own affair. */
function isSetter(holder: Node | null, name: string): boolean {
  return holder !== null && membersOf(holder).some(m => m.kind === "set" && isNamed(m, name))
}

function isNamed({ key, computed }: Node, name: string): boolean {
  if (key === undefined || computed === true) return false
  return (key.type === "PrivateIdentifier" ? `#${key.name}` : (key.name ?? String(key.value))) === name
}

/** Where the one who started it reads that property of its own object afterwards, itself or by a method. */
function readBehind(subject: Subject, { call, unit }: Spawn, object: Node, name: string): Node | undefined {
  const { names, tree, module } = subject
  const binding = names.binding(object)
  if (binding?.assigned === true || (binding === null && bare(object).type !== "ThisExpression")) return undefined
  const uses = binding === null ? [...ofThis(unit)] : []
  for (const { node, unit: user } of binding?.refs ?? []) {
    const member = user === unit && !module.analysis.bindingOf.has(node) ? tree.taker(node) : null
    if (member?.type === "MemberExpression" && bare(member.object) === node) uses.push(member)
  }
  const scope = binding?.scope ?? unit.scope
  return uses.find(
    member =>
      scope !== null &&
      member.start > call.end &&
      reads(subject, unit, member, name) &&
      runsAfter(tree, call, member, { scope }) !== "never",
  )
}

function reads(subject: Subject, unit: Unit, member: Node, name: string): boolean {
  if (memberName(member) === name) return !subject.tree.isWritten(member)
  const method = isCalled(subject, member) ? methodOf(subject, unit, member) : null
  return method !== null && [...ofThis(method.unit)].some(m => memberName(m) === name && !subject.tree.isWritten(m))
}

function finding(subject: Subject, spawn: Spawn, method: Unit, change: Node, read: Node): Finding {
  const [here, there] = [change, read].map(({ start, end }) => subject.module.source.slice(start, end))
  return {
    code: "ROVE_COPIED_VARIABLE",
    severity: "warning",
    message: `\`${here}\` is changed in ${called(subject, method)}, of which ${placed(subject, spawn)} takes a copy with the object: the \`${there}\` at ${at(subject, read.start)} is of another one`,
    hint: `${instead(spawn.name)}; or send it through a channel`,
    offset: change.start,
  }
}
