/** Owns the question which function of this module a method call reaches, and whether that is certain. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { memberName } from "./names.ts"

export interface Method {
  readonly unit: Unit
  /** Nothing in the module can have put another one in its place. */
  readonly sure: boolean
}

/** An object literal, the instances of a class, or the class itself. */
interface Holder {
  readonly members: readonly Node[]
  readonly isStatic: boolean
  readonly sure: boolean
}

/** What `o.m` is, called in `unit`: the method of a literal or of a class that the module shows. */
export function methodOf(subject: Subject, unit: Unit, member: Node): Method | null {
  const name = memberName(member)
  if (name === null) return null
  const holder = holderOf(subject, unit, member.object)
  if (holder === null) return null
  const last = holder.members.findLastIndex(m => isNamed(m, name) && isOn(m, holder))
  const found = holder.members[last]
  const fn = found === undefined || found.kind === "get" || found.kind === "set" ? undefined : found.value
  const method = fn && isFunction(bare(fn)) ? subject.module.analysis.unitOf.get(bare(fn)) : undefined
  if (found === undefined || method === undefined) return null
  const isPrivate = name.startsWith("#")
  const others = holder.members.some((m, i) => i !== last && isOn(m, holder) && mayReplace(subject, m, name, i > last))
  const plain = (found.decorators?.length ?? 0) === 0
  return { unit: method, sure: plain && (isPrivate || (holder.sure && !others && !subject.tree.isSet(name))) }
}

function holderOf(subject: Subject, unit: Unit, object: Node): Holder | null {
  const { names } = subject
  if (bare(object).type === "ThisExpression") return around(subject, unit)
  const value = names.value(object)
  if (value.type === "ObjectExpression")
    return { members: value.properties, isStatic: false, sure: isKept(subject, object) }
  if (isClass(value)) return ofClass(value, true, isKept(subject, object))
  if (value.type !== "NewExpression") return null
  const made = names.value(value.callee)
  return isClass(made) ? ofClass(made, false, isKept(subject, object) && isKept(subject, value.callee)) : null
}

function ofClass(node: Node, isStatic: boolean, sure: boolean): Holder {
  const plain = node.superClass === null && (node.decorators?.length ?? 0) === 0
  return { members: node.body.body, isStatic, sure: plain && sure }
}

/** What `this` is in a method; another class may have one in its place. */
function around({ module }: Subject, unit: Unit): Holder | null {
  let u: Unit | null = unit
  while (u !== null && u.kind === "arrow") u = u.parent
  if (u === null) return null
  const { node } = u
  const literal = module.analysis.unitOf.get(node)?.literal ?? undefined
  if (literal !== undefined) return { members: literal.properties, isStatic: false, sure: false }
  if (u.parent?.kind !== "class") return null
  const members = u.parent.node.body.body as Node[]
  return { members, isStatic: members.some(m => m.value === node && m.static), sure: false }
}

/** Whether all that is done with what is named is to take members of it, or to make instances. */
function isKept({ names, tree, module }: Subject, expression: Node): boolean {
  const binding = names.binding(expression)
  if (binding === null) return true
  return binding.refs.every(ref => {
    if (module.analysis.bindingOf.has(ref.node)) return true
    const taker = tree.taker(ref.node)
    if (taker?.type === "NewExpression") return bare(taker.callee) === ref.node
    return taker?.type === "MemberExpression" && bare(taker.object) === ref.node && isPlain(taker)
  })
}

function isPlain(member: Node): boolean {
  const name = memberName(member)
  return name !== null && name !== "prototype" && name !== "__proto__"
}

function isOn(m: Node, { isStatic }: Holder): boolean {
  return (m.static === true) === isStatic
}

function isNamed(m: Node, name: string): boolean {
  if (m.computed || m.key === undefined) return false
  const key = m.key.type === "PrivateIdentifier" ? `#${m.key.name}` : (m.key.name ?? String(m.key.value))
  return key === name
}

/** A field of the name, a spread or a computed key behind it; a constructor that gives another object. */
function mayReplace({ module, tree }: Subject, m: Node, name: string, isBehind: boolean): boolean {
  if (m.type === "StaticBlock") return false
  if (m.kind === "constructor")
    return tree.returned.some(({ unit }) => unit === module.analysis.unitOf.get(bare(m.value)))
  const isHere = m.key === undefined || m.computed === true || isNamed(m, name)
  return isHere && (isBehind || m.type === "PropertyDefinition")
}
