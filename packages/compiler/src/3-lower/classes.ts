/**
 * Owns classes that have compiled generator methods or private members. The methods stay methods of the class text; their steps stand in a
 * static block at its beginning, so that private names keep their meaning, and are reached through variables around it.
 */

import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, type Node } from "../2-analyze/nodes.ts"
import { isMade } from "./captures.ts"
import { generatorMethod } from "./generators.ts"
import type { ModuleState } from "./module.ts"
import { isAnonymous, keyName, shownKey } from "./named.ts"
import { classVariable, hasMakers, makersBlock } from "./private-makers.ts"
import { guardedMember, guardedValue, privateMethodsText, privatesBlock, showsPrivates } from "./privates.ts"
import { handsHome } from "./supers.ts"
import { type Place, text } from "./text.ts"

/** Text that takes the place of a piece of the source. */
export function replaced(node: Node, value: string): Node {
  return { type: "Replaced", start: node.start, end: node.end, text: value }
}

/** Text at the end of a class that is known once the text before it is. */
function closing({ body }: Node, value: () => string): Node {
  const at = body.end - 1
  return {
    type: "Replaced",
    start: at,
    end: at,
    get text() {
      return value()
    },
  }
}

interface Method {
  readonly member: Node
  readonly unit: Unit
  /** Variable that holds the closure. */
  readonly closure: string
  /** Text of the key as a value; null for a private name. */
  readonly key: string | null
}

/**
 * The members of a class with compiled methods prepared for printing, and the variables that have to be declared
 * around the class. `keys` are the texts of computed keys that were evaluated before.
 */
export function preparedMembers(
  place: Place,
  node: Node,
  keys: ReadonlyMap<Node, string>,
): { members: Node[]; variables: string[] } {
  const { module } = place
  const variables: string[] = []
  const methods: Method[] = []
  const compiled = (m: Node): boolean =>
    m.type === "MethodDefinition" && (module.analysis.unitOf.get(m.value)?.compiled ?? false)
  const any = node.body.body.some(compiled)
  const own = module.analysis.unitOf.get(node.original ?? node) as Unit
  const shows = showsPrivates(module, node, own)
  const members: Node[] = node.body.body.map((m: Node): Node => {
    let member = m
    let key: string | null = null
    if (isNamedByKey(place, m, shows)) return namedField(place, m, keys, variables, shows)
    if (m.computed) {
      let value = keys.get(m.key) ?? `${module.helper("toKey")}(${text(place, m.key)})`
      if (any && m.type === "MethodDefinition") {
        key = module.unique(`${module.prefix}key`)
        variables.push(key)
        value = `${key} = ${value}`
      } else if (!keys.has(m.key)) return m
      member = { ...m, original: m, key: replaced(m.key, value) }
    } else if (m.key !== undefined && m.key.type !== "PrivateIdentifier") key = JSON.stringify(keyName(m.key))
    if (!compiled(m)) return shows ? guardedMember(place, node, m, member) : member
    const closure = module.unique(`${module.prefix}${m.key.name ?? "method"}`)
    variables.push(closure)
    methods.push({ member: m, unit: module.analysis.unitOf.get(m.value) as Unit, closure, key })
    return methodText(place, m, member, closure)
  })
  const makes = hasMakers(own)
  const variable = makes || handsHome(own) ? classVariable(module, own) : null
  if (variable !== null) variables.push(variable)
  if (makes) members.push(closing(node, () => makersBlock(module, own)))
  const nameless = isNamelessDefault(module, node)
  const privately = privateMethodsText(place, node, own)
  if (methods.length === 0 && !shows && !nameless && variable === null && privately === null)
    return { members, variables }
  // of several methods of one name the last is the one that is there: it is marked first, and the others find it marked
  const lines = methods
    .toReversed()
    .map(method => setUp(place, node, method))
    .filter(line => line !== "")
  const closures = methods.filter(x => !x.unit.once && !isReplaced(node, x.member)).map(method => method.closure)
  if (!makes) lines.unshift(...(module.makers.get(own.node) ?? []))
  if (variable !== null) lines.unshift(`${variable} = this;`)
  if (closures.length > 0) lines.push(`${module.helper("methods")}(${["this", ...closures].join(", ")});`)
  if (shows) lines.push(privatesBlock(place, node))
  if (privately !== null) lines.push(privately)
  if (nameless)
    lines.push(`${module.helper("refer")}(${module.url()}, { ${JSON.stringify(`${module.moduleId}#default`)}: this });`)
  const at = node.body.start + 1
  members.unshift({ type: "Replaced", start: at, end: at, text: `\nstatic {\n${lines.join("\n")}\n}\n` })
  return { members, variables }
}

/** `export default class { … }`: records name it by what it is exported as. */
function isNamelessDefault({ analysis, runtime }: ModuleState, node: Node): boolean {
  const isDefault = (s: Node): boolean => s.type === "ExportDefaultDeclaration" && bare(s.declaration) === node
  return isClass(node) && node.id === null && "import" in runtime && analysis.program.node.body.some(isDefault)
}

/** A field whose computed key names a function or class that a maker makes, or a class that may be left out. */
function isNamedByKey(place: Place, m: Node, shows: boolean): boolean {
  if (m.type !== "PropertyDefinition" || !m.computed || m.value === null || !isAnonymous(m.value)) return false
  const value = bare(m.value)
  const unit = place.module.analysis.unitOf.get(value) as Unit
  return unit.compiled || isMade(unit) || (shows && !m.static && isClass(value))
}

function namedField(outer: Place, m: Node, keys: ReadonlyMap<Node, string>, variables: string[], shows: boolean): Node {
  const { module } = outer
  const place: Place = { ...outer, unit: module.analysis.unitOf.get(m) as Unit }
  const key = module.unique(`${module.prefix}key`)
  variables.push(key)
  const value = keys.get(m.key) ?? `${module.helper("toKey")}(${text(outer, m.key)})`
  // in a script the variable is a property of the holder, which no parameter can be called
  const parameter = module.unique(`${module.prefix}key`)
  const field = text(place, m.value, { parameter, variable: key, shown: shownKey(m.key) })
  const guarded = shows && !m.static ? guardedValue(place, field) : field
  return { ...m, key: replaced(m.key, `${key} = ${value}`), value: replaced(m.value, guarded) }
}

/** The method as users see it; a private one of instances is an accessor that gives the function. */
function methodText(place: Place, m: Node, member: Node, closure: string): Node {
  const { source } = place.module
  if (m.key.type === "PrivateIdentifier" && !m.static)
    return replaced(m, `get #${m.key.name}() { return ${closure}.fn; }`)
  const key = member.key.type === "Replaced" ? `[${member.key.text}]` : source.slice(m.key.start, m.key.end)
  return replaced(m, `${m.static ? "static " : ""}${generatorMethod.shell(place, m.value, closure, `*${key}`)}`)
}

/** What the static block does for a method: makes its closure, and stamps the function if it still is that property. */
function setUp(place: Place, node: Node, { member, unit, closure, key }: Method): string {
  const { module } = place
  const home =
    unit.homeBinding === null
      ? ""
      : `const ${unit.homeBinding.local} = { v: ${member.static ? "this" : "this.prototype"} };\n`
  const name = methodName(member)
  const made = generatorMethod.closure(place, member.value, unit, name, closure)
  const mark = module.helper("mark")
  if (member.key.type === "PrivateIdentifier") {
    const privately = `#${member.key.name}`
    const fn = member.static
      ? `this.${privately}`
      : `({ ${generatorMethod.shell(place, member.value, closure, `*[${JSON.stringify(privately)}]`)} })[${JSON.stringify(privately)}]`
    return `${home}${made}\n${mark}(${fn}, ${closure});`
  }
  const object = member.static ? "this" : "this.prototype"
  return isReplaced(node, member)
    ? ""
    : `${home}${made}\n${module.helper("markMethod")}(${object}, ${key}, ${closure});`
}

function methodName(member: Node): string {
  const { key, computed } = member.original ?? member
  if (key.type === "PrivateIdentifier") return `#${key.name}`
  return computed ? shownKey(key) : (keyName(key) as string)
}

/** Whether a later member of the same name takes the method's place, so that nobody ever sees it. */
function isReplaced(node: Node, member: Node): boolean {
  const list: Node[] = node.body.body
  const own = member.computed ? null : keyName(member.key)
  const after = list.slice(list.indexOf(member) + 1)
  return (
    own !== null &&
    after.some(
      m => m.type === "MethodDefinition" && m.static === member.static && !m.computed && keyName(m.key) === own,
    )
  )
}
