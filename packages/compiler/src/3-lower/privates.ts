/**
 * Owns the private members of classes whose instances can be saved. A static block in the class's own text, where their
 * names have a meaning, shows them to the codec; the constructor and the initialisers of fields do nothing while the
 * codec makes an instance.
 */

import type { Unit } from "../2-analyze/bindings.ts"
import { bare, children, isFunction, type Node } from "../2-analyze/nodes.ts"
import { isMade } from "./captures.ts"
import { named } from "./functions.ts"
import type { ModuleState } from "./module.ts"
import { hintFor, isAnonymous, keyName } from "./named.ts"
import { type Place, text } from "./text.ts"

/** Whether the class is asked for its private members: it is made again elsewhere, or known by its name. */
export function showsPrivates(module: ModuleState, node: Node, unit: Unit): boolean {
  return privateElements(node).length > 0 && isKnown(module, unit)
}

function isKnown({ namespaces }: ModuleState, unit: Unit): boolean {
  const { parent } = unit
  return isMade(unit) || parent?.kind === "program" || (parent !== null && namespaces.has(parent.node))
}

/** Private members of instances. */
function privateElements(node: Node): Node[] {
  return node.body.body.filter((m: Node) => m.key?.type === "PrivateIdentifier" && !m.static)
}

/** The static block that tells the codec. */
export function privatesBlock(place: Place, node: Node): string {
  const members = privateElements(node)
  const fields: string[] = members.filter(m => m.type === "PropertyDefinition").map(m => `#${m.key.name}`)
  const o = place.module.unique(`${place.module.prefix}o`)
  const v = place.module.unique(`${place.module.prefix}v`)
  const reads = fields.map(name => `${o}.${name}`).join(", ")
  const writes = fields.map((name, i) => `${o}.${name} = ${v}[${i}];`).join(" ")
  const parts = [
    `names: ${JSON.stringify(fields)}`,
    `has: ${o} => #${members[0]?.key.name} in ${o}`,
    `read: ${o} => [${reads}]`,
    `write: (${o}, ${v}) => { ${writes} }`,
  ]
  const { args, elements } = enough(node)
  // the bundler that lowers it gives it a private member that no text here can name
  const isCarried = !node.body.body.some((m: Node) => m.type === "AccessorProperty")
  return `${place.module.helper("privates")}(this, ${node.superClass !== null}, ${args}, ${elements}, ${isCarried}, { ${parts.join(", ")} });`
}

/** The static block that tells of private methods, which may be values; generators among them are known by their closures. */
export function privateMethodsText(place: Place, node: Node, unit: Unit): string | null {
  const { module } = place
  const methods: Node[] = node.body.body.filter(
    (m: Node) =>
      m.type === "MethodDefinition" &&
      m.kind === "method" &&
      m.key.type === "PrivateIdentifier" &&
      module.analysis.unitOf.get(m.value)?.compiled !== true,
  )
  if (methods.length === 0 || !isKnown(module, unit)) return null
  const o = module.unique(`${module.prefix}o`)
  const readers = methods.map(({ key: { name }, static: isStatic }) =>
    isStatic ? `"#${name}": () => this.#${name}` : `"#${name}": ${o} => ${o}.#${name}`,
  )
  return `${module.helper("privateMethods")}(this, ${isMade(unit)}, { ${readers.join(", ")} });`
}

/** How many arguments the constructor needs to be passed by, and how many elements each list that it is given. */
function enough(node: Node): { args: number; elements: number } {
  const params: Node[] = constructorOf(node)?.value.params ?? []
  const elements = params.reduce((sum, param) => sum + elementsOf(param), 0)
  const last = params.at(-1)
  const rest = last?.type === "RestElement" && last.argument.type !== "Identifier" ? elements + 1 : 0
  const fixed = params.findLastIndex(p => p.type !== "Identifier" && p.type !== "RestElement") + 1
  return { args: rest > 0 ? params.length - 1 + rest : fixed, elements: elements + 1 }
}

/** The elements of all lists in a pattern: what is left of one may be a list again. */
function elementsOf(node: Node | null): number {
  if (node === null) return 0
  const own = node.type === "ArrayPattern" ? node.elements.length : 0
  return children(node).reduce((sum, child) => sum + elementsOf(child), own)
}

function constructorOf(node: Node): Node | undefined {
  return node.body.body.find((m: Node) => m.type === "MethodDefinition" && m.kind === "constructor")
}

/**
 * A pattern of parameters in which no key runs code while an instance is made: it is the first element then. What the
 * others are bound to has every property, but what is left of a list (`...{ x }`) has no more than elements.
 */
function guardedPattern(place: Place, param: Node, on: string, inRest = false): Node {
  const inner = (node: Node | null, rest = false): Node | null =>
    node === null ? null : guardedPattern(place, node, on, rest)
  switch (param.type) {
    case "AssignmentPattern":
      return { ...param, left: inner(param.left, inRest) }
    case "RestElement":
      return { ...param, argument: inner(param.argument, param.argument.type === "ObjectPattern") }
    case "ArrayPattern":
      return { ...param, elements: param.elements.map((e: Node | null) => inner(e)) }
    case "ObjectPattern":
      return { ...param, properties: param.properties.map((p: Node) => guardedProperty(place, p, on, inRest)) }
    default:
      return param
  }
}

function guardedProperty(place: Place, p: Node, on: string, inRest: boolean): Node {
  if (p.type === "RestElement") return p
  const value = guardedPattern(place, p.value, on)
  if (!p.computed && !inRest) return { ...p, value }
  const key = p.computed ? `(${text(place, p.key)})` : JSON.stringify(keyName(p.key))
  return replacement(p, `[${on} ? 0 : ${key}]: ${text(place, value, hintFor(p, p.value))}`)
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
    const params = fn.params.map((p: Node) => guardedPattern({ ...place, unit }, p, on))
    return { ...member, value: { ...fn, original: fn, params, body: replacement(fn.body, guarded) } }
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
  return { ...member, value: replacement(m.value, guardedValue(place, whole)) }
}

/** The value of a field, which is left out while an instance is made. */
export function guardedValue({ module }: Place, value: string): string {
  return `${module.helper("making")}.on ? void 0 : (${value})`
}

function replacement(node: Node, value: string): Node {
  return { type: "Replaced", start: node.start, end: node.end, text: value }
}
