/**
 * Owns `super` where it cannot stand as it is: in compiled functions, and in arrow functions that a maker makes. Both have
 * a cell with the home object of the method, that of an ordinary method is handed over to the maker.
 */
import type { Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { children, isFunction, type Node } from "../2-analyze/nodes.ts"
import { waits } from "../2-analyze/suspends.ts"
import { isHandedTo, isMade, isMember } from "./captures.ts"
import type { ModuleState } from "./module.ts"
import { nameText } from "./printed.ts"
import { classVariable } from "./private-makers.ts"
import { type Place, readText, text } from "./text.ts"

/** Whether `super` there is that of a cell. */
export function isLed(place: Place, node: Node): boolean {
  const binding = node.type === "Super" ? place.module.analysis.refOf.get(node)?.binding : null
  return binding != null && (binding.owner.compiled || isHandedTo(place.unit, binding))
}

/** `super.x`; null if it can stand as it is. */
export function superText(place: Place, node: Node): string | null {
  if (!isLed(place, node.object)) return null
  const home = place.module.analysis.refOf.get(node.object) as Ref
  const key = node.computed ? text(place, node.property) : JSON.stringify(node.property.name)
  return `${superHelper(place)}(${(home.binding as Binding).local}, ${selfText(place, home)}, ${key}).v`
}

/** An assignment that fails is an error in strict code only. */
export function superHelper(place: Place): string {
  return place.module.helper(place.unit.strict ? "superOf" : "looseSuperOf")
}

export function superCallText(place: Place, node: Node): string | null {
  const { callee } = node
  if (callee.type !== "MemberExpression" || callee.object.type !== "Super") return null
  const fn = superText(place, callee)
  const home = place.module.analysis.refOf.get(callee.object)
  if (fn === null || home === undefined) return null
  if (node.optional) {
    const args = node.arguments.map((a: Node) => text(place, a))
    return `${boundText(place, fn, callee)}?.(${args.join(", ")})`
  }
  const args = node.arguments.map((a: Node) => text(place, a))
  return `${place.module.helper("call")}(${[fn, selfText(place, home), nameText(callee), ...args].join(", ")})`
}

/** A method of `super` for where it cannot be called with its receiver at once. */
export function boundText(place: Place, fn: string, callee: Node): string {
  const home = place.module.analysis.refOf.get(callee.object) as Ref
  return `${place.module.helper("bound")}(${fn}, ${selfText(place, home)}, ${nameText(callee)})`
}

export function superDeleteText(place: Place, node: Node): string | null {
  const key = node.computed ? text(place, node.property) : ""
  return superText(place, node) === null ? null : `${place.module.helper("deleteSuper")}(${key})`
}

function selfText(place: Place, home: Ref): string {
  const self = (home.binding as Binding).owner.thisBinding as Binding
  return readText(place, { ...home, binding: self })
}

/** Whether an arrow function can be given the home object of the ordinary method that it stands in. */
export function canHandHome(unit: Unit, owner: Unit): boolean {
  const { parent, literal } = owner
  if (callsSuper(unit.node)) return false
  if (literal !== null) return isMade(owner)
  return parent?.kind === "class" && isMember(parent, owner) && !waits(parent.node)
}

/** `super()` is of the constructor alone. */
function callsSuper(node: Node): boolean {
  if (node.type === "CallExpression" && node.callee.type === "Super") return true
  return children(node).some(
    child => (!isFunction(child) || child.type === "ArrowFunctionExpression") && callsSuper(child),
  )
}

/** Whether something in the class is handed the home object of a member: the class has a variable around its text then. */
export function handsHome(own: Unit): boolean {
  return own.units.some(({ homeBinding, units }) => homeBinding !== null && units.some(u => isHanded(u, homeBinding)))
}

function isHanded(unit: Unit, home: Binding): boolean {
  return unit.captures.has(home) && (isMade(unit) || unit.units.some(inner => isHanded(inner, home)))
}

/** Text of a cell with the home object of an ordinary method. */
export function homeText(module: ModuleState, owner: Unit): string {
  const cell = module.cells.get(owner.node)
  if (cell !== undefined) return cell
  const made = owner.parent as Unit
  const member: Node = made.node.body.body.find((m: Node) => m === owner.node || m.value === owner.node)
  const isStatic = member.static === true || member.type === "StaticBlock"
  return `{ v: ${classVariable(module, made)}${isStatic ? "" : ".prototype"} }`
}
