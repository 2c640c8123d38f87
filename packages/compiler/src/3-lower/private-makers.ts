/**
 * Owns makers of closures that use private names of classes around them: they stand in the text of such a class, where the
 * names have a meaning. Of a class that is evaluated once a variable of the module leads to each; a class that is made
 * anew tells of its own, and its closures have it as the first of what they capture.
 */
import type { Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { isMade, isMember, privateNamesOutside } from "./captures.ts"
import { type ModuleState, staticState } from "./module.ts"

/**
 * The class in whose text the maker of a unit has to stay: null if it uses no private names of classes around it, undefined
 * if there is no maker in that class, which either is made anew itself or has the unit in a compiled generator method.
 */
export function privateHome(unit: Unit): Unit | null | undefined {
  unit.home ??= { of: findHome(unit) }
  return unit.home.of
}

function findHome(unit: Unit): Unit | null | undefined {
  if (!isInClass(unit)) return null
  const names = privateNamesOutside(unit.node)
  if (names.size === 0) return null
  let member = unit
  for (let u = unit.parent; u !== null; member = u, u = u.parent) {
    // its heritage stands outside of it
    if (u.kind !== "class" || !isWithin(member.node, u.node.body)) continue
    if (!u.node.body.body.some((m: Node) => m.key?.type === "PrivateIdentifier" && names.has(m.key.name))) continue
    if (!isMember(u, member)) return undefined
    return (member.compiled && member.once) || (isMade(u) && staticState(u.node) === null) ? u : undefined
  }
  return undefined
}

function isInClass(unit: Unit): boolean {
  for (let u = unit.parent; u !== null; u = u.parent) if (u.kind === "class") return true
  return false
}

function isWithin({ start, end }: Node, outer: Node): boolean {
  return start >= outer.start && end <= outer.end
}

/** What a closure of the unit captures beside variables: its class, if that is made anew. */
export function homeOf(module: ModuleState, unit: Unit): string[] {
  const home = privateHome(unit) ?? null
  return home === null || !isMade(home) ? [] : [classVariable(module, home)]
}

/** Text of a maker at module level: itself, or what leads to it in the text of the class. */
export function makerText(module: ModuleState, unit: Unit, parameters: readonly string[], maker: string): string {
  const home = privateHome(unit) ?? null
  const list = parameters.join(", ")
  if (home === null) return maker
  const name = module.unique(`${module.prefix}make`)
  const makers = module.makers.get(home.node) ?? []
  module.makers.set(home.node, makers)
  if (!isMade(home)) {
    module.prologue.push(name)
    makers.push(`${name} = ${maker};`)
    return `(${list}) => ${name}(${list})`
  }
  makers.push(`${name}: ${maker},`)
  const made = classVariable(module, home)
  return `(${[made, ...parameters].join(", ")}) => ${module.helper("makerOf")}(${made}, "${name}")(${list})`
}

/** The variable around the text of a class that holds it. */
export function classVariable(module: ModuleState, home: Unit): string {
  const known = module.homes.get(home.node)
  if (known !== undefined) return known
  const variable = module.unique(`${module.prefix}class`)
  module.homes.set(home.node, variable)
  return variable
}

/** Whether makers stand in the text of a class that is made. */
export function hasMakers(own: Unit): boolean {
  return isMade(own) && own.units.some(unit => holds(unit, own))
}

function holds(unit: Unit, home: Unit): boolean {
  return unit.units.some(inner => (isMade(inner) && privateHome(inner) === home) || holds(inner, home))
}

/** Text of the end of such a class: a static block that tells of the makers in its text. */
export function makersBlock(module: ModuleState, own: Unit): string {
  const makers = module.makers.get(own.node) ?? []
  return `\nstatic {\n${module.helper("makers")}(this, {\n${makers.join("\n")}\n});\n}\n`
}
