/**
 * Owns the private members of classes whose instances can be saved. A static block in the class's own text, where their
 * names have a meaning, shows them to the codec; the constructor and the initialisers of fields do nothing while the
 * codec makes an instance.
 */

import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import { isMade } from "./captures.ts"
import { named } from "./functions.ts"
import type { ModuleState } from "./module.ts"
import { hintFor, isAnonymous, type Place, text } from "./text.ts"

/** Whether the class is asked for its private members: it is made again elsewhere, or known by its name. */
export function showsPrivates({ namespaces }: ModuleState, node: Node, unit: Unit): boolean {
  if (privateElements(node).length === 0) return false
  const { parent } = unit
  return isMade(unit) || parent?.kind === "program" || (parent !== null && namespaces.has(parent.node))
}

/** Private members of instances. */
function privateElements(node: Node): Node[] {
  return node.body.body.filter((m: Node) => m.key?.type === "PrivateIdentifier" && !m.static)
}

/** The static block that tells the codec. */
export function privatesBlock(place: Place, node: Node): string {
  const elements = privateElements(node)
  const fields: string[] = elements.filter(m => m.type === "PropertyDefinition").map(m => `#${m.key.name}`)
  const o = place.module.unique(`${place.module.prefix}o`)
  const v = place.module.unique(`${place.module.prefix}v`)
  const reads = fields.map(name => `${o}.${name}`).join(", ")
  const writes = fields.map((name, i) => `${o}.${name} = ${v}[${i}];`).join(" ")
  const parts = [
    `names: ${JSON.stringify(fields)}`,
    `has: ${o} => #${elements[0]?.key.name} in ${o}`,
    `read: ${o} => [${reads}]`,
    `write: (${o}, ${v}) => { ${writes} }`,
  ]
  const refused = refusal(node)
  return `${place.module.helper("privates")}(this, ${node.superClass !== null}, ${parametersOf(node)}, ${refused === null ? "null" : JSON.stringify(refused)}, { ${parts.join(", ")} });`
}

/** How many parameters the constructor has that are not plain names, and those before. */
function parametersOf(node: Node): number {
  const params: Node[] = constructorOf(node)?.value.params ?? []
  return params.findLastIndex(p => p.type !== "Identifier" && p.type !== "RestElement") + 1
}

/** Why the constructor cannot be passed by. */
function refusal(node: Node): string | null {
  const made = constructorOf(node)
  if (made?.value.params.some(runsCode))
    return "it has private members, and patterns in the parameters of its constructor run code"
  return node.body.body.some((m: Node) => m.type === "AccessorProperty" || hasComputedClass(m))
    ? "it has private members, and fields that cannot be left out"
    : null
}

/**
 * Whether binding a parameter runs code, or does not end, though it is given something that has every property and endless
 * elements: a key that is computed, what is left of a list.
 */
function runsCode(param: Node): boolean {
  switch (param.type) {
    case "AssignmentPattern":
      return runsCode(param.left)
    case "Property":
      return param.computed || runsCode(param.value)
    case "ObjectPattern":
      return param.properties.some((p: Node) => p.type !== "RestElement" && runsCode(p))
    case "ArrayPattern":
      return param.elements.some((e: Node | null) => e !== null && (e.type === "RestElement" || runsCode(e)))
    case "RestElement":
      return param.argument.type !== "Identifier"
    default:
      return false
  }
}

function hasComputedClass(m: Node): boolean {
  return m.type === "PropertyDefinition" && m.computed && !m.static && m.value !== null && isClass(bare(m.value))
}

function constructorOf(node: Node): Node | undefined {
  return node.body.body.find((m: Node) => m.type === "MethodDefinition" && m.kind === "constructor")
}

/** The member with a check in front of what it runs when an instance is made. */
export function guardedMember(place: Place, node: Node, m: Node, member: Node): Node {
  const { module } = place
  const on = `${module.helper("making")}.on`
  if (m.type === "MethodDefinition" && m.kind === "constructor") {
    const fn: Node = m.value
    const unit = module.analysis.unitOf.get(fn) as Unit
    const body = text({ ...place, unit }, fn.body)
    const skip = node.superClass === null ? "return;" : "{ super(); return; }"
    const guarded = `{ if (${on}) ${skip}${body.slice(1)}`
    return { ...member, value: { ...fn, original: fn, body: replacement(fn.body, guarded) } }
  }
  if (m.type !== "PropertyDefinition" || m.static || m.value === null) return member
  const value: Node = bare(m.value)
  // making a function runs nothing
  if (value.type === "Literal" || isFunction(value)) return member
  const unit = module.analysis.unitOf.get(m) as Unit
  const hint = hintFor(m, m.value)
  const plain = text({ ...place, unit }, m.value, hint)
  const whole =
    hint !== null && isAnonymous(value) && !isMade(module.analysis.unitOf.get(value) as Unit)
      ? named(plain, hint)
      : plain
  return { ...member, value: replacement(m.value, `${on} ? void 0 : (${whole})`) }
}

function replacement(node: Node, value: string): Node {
  return { type: "Replaced", start: node.start, end: node.end, text: value }
}
