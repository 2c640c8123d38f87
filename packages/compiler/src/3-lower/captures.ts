/**
 * Owns what a function or class captures: which variables are handed to its maker, and whether that can stand at module
 * level, so that the closure can be made again elsewhere.
 */

import type { Binding, Unit } from "../2-analyze/bindings.ts"
import { children, isFunction, type Node } from "../2-analyze/nodes.ts"
import { keysStayInside, waitsInside } from "../2-analyze/suspends.ts"
import { isGiven } from "./ordinary.ts"
import { privateHome } from "./private-makers.ts"
import { canHandHome } from "./supers.ts"
import { isInsideCompiled } from "./text.ts"
import { proved } from "./variables.ts"

/** Captured variables that have to be handed to the maker: those of compiled functions, cells, and copies of constants. */
export function capturesOf(unit: Unit): Binding[] {
  return [...unit.captures].filter(
    b => !(b.kind === "target" && b.owner.compiled) && (b.mode !== "native" || b.owner.compiled || isHoisted(unit)),
  )
}

/** Whether the maker can stand at module level. */
export function isHoisted(unit: Unit): boolean {
  unit.hoisted ??=
    unit.dynamic === null &&
    privateHome(unit) !== undefined &&
    !(unit.kind === "class" && keysStayInside(unit.node)) &&
    [...unit.captures].every(b => b.owner.compiled || isHandedOver(unit, b))
  return unit.hoisted
}

/** Whether a variable of an ordinary function can be handed to the maker. */
function isHandedOver(unit: Unit, binding: Binding): boolean {
  const { kind, owner } = binding
  if (kind === "home") return canHandHome(unit, owner)
  if (isGiven(binding)) return !binding.assigned && isGivenAlways(binding, unit)
  if (owner.kind === "class") return !binding.assigned && isInMember(unit, owner)
  if (binding.mode !== "native") return true
  if (binding.assigned || binding.early || (kind === "param" && hasAlias(owner))) return false
  return proved(binding, { node: unit.node, scope: binding.scope, unit, binding, write: false })
}

/** `this` of a derived class's constructor comes into being with `super()`; a sloppy `arguments` is an alias. */
function isGivenAlways({ kind, owner }: Binding, unit: Unit): boolean {
  if (kind === "this") return !isDerivedConstructor(owner) || isBehindSuper(owner, unit)
  return kind !== "arguments" || !hasAlias(owner)
}

/** Whether a statement of the constructor in front of it is `super(…)`. */
function isBehindSuper({ node }: Unit, unit: Unit): boolean {
  return node.body.body.some(
    ({ type, end, expression }: Node) =>
      end <= unit.node.start &&
      type === "ExpressionStatement" &&
      expression.type === "CallExpression" &&
      expression.callee.type === "Super",
  )
}

function isDerivedConstructor({ node, parent }: Unit): boolean {
  return (
    parent?.kind === "class" &&
    parent.node.superClass !== null &&
    parent.node.body.body.some((m: Node) => m.kind === "constructor" && m.value === node)
  )
}

/** Whether `arguments` shares its elements with the parameters. */
function hasAlias({ strict, argumentsBinding, node }: Unit): boolean {
  return !strict && argumentsBinding !== null && isFunction(node) && node.params.length > 0
}

/** A method, field or static block of the class sees its name initialised; heritage and keys do not. */
function isInMember(unit: Unit, owner: Unit): boolean {
  let inner = unit
  while (inner.parent !== null && inner.parent !== owner) inner = inner.parent
  return isMember(owner, inner)
}

/** Whether text of a unit stands in a maker at module level that the variable of an ordinary function was handed to. */
export function isHandedTo(unit: Unit, binding: Binding): boolean {
  let inner: Unit | null = null
  for (let u: Unit | null = unit; u !== null && u !== binding.owner; inner = u, u = u.parent) {
    // heritage and keys of a class are evaluated where it stands
    const inPlace = u.kind === "class" && inner !== null && !isMember(u, inner)
    if (!inPlace && u.captures.has(binding) && isMade(u)) return true
  }
  return false
}

/** Whether the function or class is made by a maker at module level. */
export function isMade(unit: Unit): boolean {
  const { kind, parent } = unit
  if (kind === "program" || kind === "field" || parent === null || !isInsideCompiled(parent)) return false
  if (parent.kind === "class" && isMember(parent, unit)) return false
  return isHoisted(unit) && (parent.compiled || !staysInPlace(unit))
}

/** Of ordinary functions: sloppy declarations in blocks, and methods that use `super` of literals that wait. */
function staysInPlace({ node, parent, scope, compiled, homeBinding, literal }: Unit): boolean {
  if (node.type === "FunctionDeclaration") return parent?.strict !== true && scope?.parent?.kind !== "function"
  return literal !== null && !compiled && homeBinding !== null && waitsInside(literal)
}

export function isMember(owner: Unit, unit: Unit): boolean {
  return owner.node.body.body.some((m: Node) => m === unit.node || m.value === unit.node)
}

/** Private names of classes around it that a node uses. */
export function privateNamesOutside(node: Node): ReadonlySet<string> {
  const used = new Set<string>()
  usePrivates(node, [], used)
  return used
}

function usePrivates(node: Node, own: readonly string[], used: Set<string>): void {
  if (node.type === "PrivateIdentifier" && !own.includes(node.name)) used.add(node.name)
  const names: Node[] = node.type === "ClassBody" ? node.body.filter(isPrivate) : []
  const inside = names.length === 0 ? own : [...own, ...names.map(m => m.key.name)]
  for (const child of children(node)) usePrivates(child, inside, used)
}

function isPrivate(member: Node): boolean {
  return member.key?.type === "PrivateIdentifier"
}
