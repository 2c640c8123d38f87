/**
 * Owns functions and classes as values: closures made by code and captured variables, and what a scope needs when it
 * is entered (cells, uninitialised names, hoisted functions).
 */

import type { Binding, Scope, Unit } from "../2-analyze/bindings.ts"
import { isFunction, type Node } from "../2-analyze/nodes.ts"
import { declared, needsStrict } from "../2-analyze/sloppy.ts"
import { classParts, keysStayInside } from "../2-analyze/suspends.ts"
import { capturesOf, isHandedTo, isHoisted, isMade } from "./captures.ts"
import { isMovedToEntry, ordinaryEntry } from "./cells.ts"
import { preparedMembers, replaced } from "./classes.ts"
import { generatorDeclaration, generatorExpression } from "./generators.ts"
import type { Lowering } from "./lowering.ts"
import { isGiven } from "./ordinary.ts"
import { homeOf, makerText } from "./private-makers.ts"
import { homeText } from "./supers.ts"
import { givenText, type Hint, isInsideCompiled, type Place, plain, text } from "./text.ts"

/** Text at the level of a compiled function: what it creates there is made by a maker. */
function atCompiledLevel(place: Place): boolean {
  return place.unit.compiled
}

/** Text of a function or class expression. */
export function closureText(place: Place, node: Node, hint: Hint): string {
  const unit = place.module.analysis.unitOf.get(node.original ?? node) as Unit
  if (node.asMethod) return plain({ ...place, unit }, node)
  if (node.type === "ClassExpression") return classText(place, node, hint, null)
  if (unit.compiled) return generatorExpression(place, node, unit, hint)
  if (!atCompiledLevel(place) && !isMade(unit)) {
    const source = plain({ ...place, unit }, node)
    // what stands in a cell would have no name
    const loses = typeof hint === "string" ? isInsideCompiled(place.unit) : hint !== null
    return loses ? namedInPlace(source, hint) : source
  }
  return madeText(place, node, unit, plain({ ...place, unit }, node), hint, keyParameter(hint), keyArgument(hint))
}

/**
 * Text that makes a closure. Hoisted: the maker stands at module level, so that the closure can be made again elsewhere
 * from the values of its captured variables. Otherwise the maker stands in place and the closure cannot be saved.
 */
export function madeText(
  place: Place,
  node: Node,
  unit: Unit,
  source: string,
  hint: Hint,
  params: readonly string[],
  args: readonly string[],
): string {
  const { module } = place
  const captures = capturesOf(unit)
  const made = named(source, hint)
  const list = [...captures.map(c => c.local), ...params].join(", ")
  const env = captures.map(c => handedText(place, c))
  if (!isHoisted(unit)) return `((${list}) => ${made})(${[...env, ...args].join(", ")})`
  const own = nameOf(node, hint)
  const name = module.unique(`${module.prefix}${identifier(own)}`)
  const kind = isFunction(node) ? "function" : "class"
  const home = homeOf(module, unit)
  const code = module.code(
    node,
    own,
    kind,
    [],
    [...home.map(() => "class"), ...captures.map(c => c.name), ...params],
    null,
  )
  const maker = makerText(module, unit, [...captures.map(c => c.local), ...params], `(${list}) => ${made}`)
  module.append(name, unit.strict, `${module.helper("closureCode")}({ ${code} }, ${maker})`)
  return `${name}().make(${[...home, ...env, ...args].join(", ")})`
}

/** Text of a captured variable as it is handed to a maker: the variable, a cell or the value of `this` and the like. */
export function handedText(place: Place, binding: Binding): string {
  if (!isGiven(binding) || binding.owner.compiled) return binding.local
  const isOwn = binding.kind === "home" && !isHandedTo(place.unit, binding)
  return isOwn ? homeText(place.module, binding.owner) : givenText(place.unit, binding)
}

/** Gives an anonymous function the name that its place in the source gives it. */
export function named(source: string, hint: Hint): string {
  if (hint === null) return `(${source})`
  if (typeof hint === "string" && hint !== "__proto__")
    return `({ ${JSON.stringify(hint)}: ${source} })[${JSON.stringify(hint)}]`
  const key = typeof hint === "string" ? JSON.stringify(hint) : hint.parameter
  return `({ [${key}]: ${source} })[${key}]`
}

/** A maker whose function is named by a computed key gets the key as a parameter. */
export function keyParameter(hint: Hint): string[] {
  return hint === null || typeof hint === "string" ? [] : [hint.parameter]
}

/** What it is given for that. */
export function keyArgument(hint: Hint): string[] {
  return hint === null || typeof hint === "string" ? [] : [hint.variable ?? hint.parameter]
}

/** The same where the function is made in place. */
function namedInPlace(source: string, hint: Hint): string {
  return named(
    source,
    hint === null || typeof hint === "string" ? hint : { ...hint, parameter: keyArgument(hint)[0] as string },
  )
}

/** The name of a function in its id. */
export function nameOf(node: Node, hint: Hint): string {
  return typeof hint === "string" ? hint : (node.id?.name ?? hint?.shown ?? "anonymous")
}

export function identifier(name: string): string {
  return name.replace(/[^\w$]/g, "_") || "closure"
}

/** Text of a class expression; `values` are the texts of heritage and computed keys if they were evaluated before. */
export function classText(place: Place, node: Node, hint: Hint, values: readonly string[] | null): string {
  const { module } = place
  const unit = module.analysis.unitOf.get(node.original ?? node) as Unit
  const inner: Place = { ...place, unit }
  if (!atCompiledLevel(place) && !isMade(unit)) {
    const { source, variables } = classSource(inner, node, new Map())
    if (variables.length === 0) return typeof hint === "object" && hint !== null ? namedInPlace(source, hint) : source
    return `(() => { let ${variables.join(", ")}; return ${namedInPlace(source, isAnonymousClass(node) ? hint : null)}; })()`
  }
  const parts = classParts(node)
  const names = parts.map((_, i) => module.unique(`${module.prefix}part${i}`))
  const head = headBinding(place, node)
  const args = values ?? parts.map(p => partText(place, node, p, part => text(place, part)))
  const given = new Map(parts.map((p, i): [Node, string] => [p, names[i] as string]))
  if (keysStayInside(node))
    for (const m of node.body.body) if (m.computed) given.set(m.key, `${module.helper("toKey")}(${text(place, m.key)})`)
  const { source, variables } = classSource(inner, node, given)
  const opened =
    variables.length === 0
      ? source
      : `(() => { let ${variables.join(", ")}; return ${named(source, isAnonymousClass(node) ? hint : null)}; })()`
  const made = madeText(
    place,
    node,
    unit,
    opened,
    variables.length === 0 ? hint : null,
    [...keyParameter(hint), ...names],
    [...keyArgument(hint), ...args],
  )
  if (head === null) return made
  return values === null ? `(${emptyHead(place, head)}, ${head.local}.v = ${made})` : `(${head.local}.v = ${made})`
}

/** The heritage of a class, or one of its keys, where that is evaluated in front of the class: strict there too. */
export function partText(place: Place, node: Node, part: Node, value: (part: Node) => string): string {
  const { module, unit } = place
  const isLoose = !unit.strict && needsStrict(part, module.analysis)
  const strict = isLoose
    ? `(() => { "use strict"; return ${text({ ...place, strictly: true }, part)}; })()`
    : value(part)
  return part === node.superClass ? strict : `${module.helper("toKey")}(${strict})`
}

/** The variable under which closures in heritage and keys see the class; null if there are none. */
export function headBinding(place: Place, node: Node): Binding | null {
  const head = place.module.analysis.headOf.get(node.original ?? node)
  return head === undefined || head.refs.length === 0 ? null : head
}

/** Text that begins the life of that variable, before heritage and keys are evaluated. */
export function emptyHead(place: Place, head: Binding): string {
  return `${head.local} = { v: ${place.module.helper("TDZ")} }`
}

function isAnonymousClass(node: Node): boolean {
  return node.id === null || node.id === undefined
}

/** Text of a class, with heritage and keys replaced, and compiled methods in place. */
function classSource(
  place: Place,
  node: Node,
  values: ReadonlyMap<Node, string>,
): { source: string; variables: string[] } {
  const { members, variables } = preparedMembers(place, node, values)
  const copy: Node = { ...node, body: { ...node.body, body: members } }
  const heritage = values.get(node.superClass)
  // the source may have put it in parentheses right behind `extends`
  if (heritage !== undefined) copy.superClass = replaced(node.superClass, ` ${heritage}`)
  return { source: plain(place, copy), variables }
}

/** Text of a function or class declaration where it stands. */
export function declarationText(place: Place, node: Node): string {
  const { module } = place
  const unit = module.analysis.unitOf.get(node) as Unit
  if (node.type === "ClassDeclaration") {
    const binding = module.analysis.bindingOf.get(node.id)
    if (!atCompiledLevel(place) && !isMade(unit) && binding?.mode !== "cell") {
      const { source, variables } = classSource({ ...place, unit }, node, new Map())
      if (variables.length === 0) return source
      // in a block there is one of it for each time that the block is entered
      const isOfBlock = place.unit.kind !== "program" || (binding !== undefined && binding.scope.kind !== "program")
      if (isOfBlock) return `let ${variables.join(", ")};\n${source}`
      module.prologue.push(...variables)
      return source
    }
    const value = classText(place, { ...node, type: "ClassExpression", original: node }, null, null)
    if (binding === undefined || binding.mode === "native") return `let ${node.id.name} = ${value};`
    return `${binding.mode === "cell" ? `${binding.local}.v` : binding.local} = ${value};`
  }
  if (atCompiledLevel(place)) return blockFunctionText(place, node)
  if (isInsideCompiled(place.unit) && isMovedToEntry(place, node)) return ""
  return unit.compiled ? generatorDeclaration(place, node, unit) : plain({ ...place, unit }, node)
}

/** Where the declaration of a function stands in a block of sloppy code, the variable of the function around gets its value. */
function blockFunctionText(place: Place, node: Node): string {
  const pair = place.module.analysis.blockFunctions.get(node)
  if (pair === undefined) return ""
  const [to, from] = [pair.to, pair.from].map(b => (b.mode === "cell" ? `${b.local}.v` : b.local))
  return `${to} = ${from};`
}

/** Emits what happens when a scope is entered: texts, and the slots that are defined behind them. */
function entry(place: Place, scope: Scope, line: (text: string) => void, define: (slot: string) => void): void {
  const { module } = place
  if (!scope.unit.compiled) {
    line(ordinaryEntry(place, scope))
    return
  }
  for (const b of scope.bindings.values()) {
    if (b.kind === "param" || b.kind === "arguments" || b.mode === "native" || b.kind === "self") continue
    const empty = b.checked ? module.helper("TDZ") : "void 0"
    const isReady = b.kind === "var" || b.kind === "function"
    if (b.mode === "cell") line(`${b.local} = { v: ${isReady ? "void 0" : empty} };`)
    else if (b.kind === "function") continue
    else if (b.checked && !isReady) line(`${b.local} = ${empty};`)
    define(b.local)
  }
  const functions = functionsOf(scope)
  if (functions.size === 0) return
  for (const b of scope.bindings.values()) {
    const node = functions.get(b.name)
    if (node === undefined) continue
    // without its name, which as that of an expression would hide the variable
    const value = closureText(
      place,
      {
        ...node,
        type: "FunctionExpression",
        original: node,
        id: { type: "Replaced", start: node.id.start, end: node.id.end, text: "" },
      },
      b.name,
    )
    const target = b.mode === "cell" ? `${b.local}.v` : b.local
    line(`${b.mode === "native" ? "let " : ""}${target} = ${value};`)
    if (b.mode === "slot") define(b.local)
  }
}

const NONE: ReadonlyMap<string, Node> = new Map()

/** The function declarations that give variables of a scope their values, by name: of those of one name, the last. */
export function functionsOf({ node }: Scope): ReadonlyMap<string, Node> {
  if (node.type === "SwitchStatement") return functionsIn(node.cases.flatMap((c: Node) => c.consequent))
  const { body } = isFunction(node) ? node.body : node
  return Array.isArray(body) ? functionsIn(body) : NONE
}

function functionsIn(list: readonly Node[]): ReadonlyMap<string, Node> {
  let found: Map<string, Node> | null = null
  for (const s of list) {
    const d = declared(s)
    if (d?.type !== "FunctionDeclaration" || d.id === null) continue
    found ??= new Map()
    found.set(d.id.name, d)
  }
  return found ?? NONE
}

/** Text that is put at the beginning of a block. */
export function hoistedText(place: Place, scope: Scope): string {
  if (scope.kind === "loop" || scope.kind === "catch" || scope.kind === "class") return ""
  const texts: string[] = []
  entry(
    place,
    scope,
    text => texts.push(text),
    () => {},
  )
  return texts.filter(t => t !== "").join(" ")
}

export function enterScope(l: Lowering, scope: Scope): void {
  if (scope.bindings.size === 0 && scope.unit.compiled) return
  entry(
    l.place,
    scope,
    text => {
      if (text !== "") l.b.line(text)
    },
    slot => l.b.def(slot),
  )
}
