/**
 * Owns functions and classes as values: closures made by code and captured variables, and what a scope needs when it
 * is entered (cells, uninitialised names, hoisted functions).
 */

import type { Binding, Scope, Unit } from "../2-analyze/bindings.ts"
import { children, isFunction, type Node } from "../2-analyze/nodes.ts"
import { classParts } from "../2-analyze/suspends.ts"
import { preparedMembers, replaced } from "./classes.ts"
import { generatorDeclaration, generatorExpression } from "./generators.ts"
import type { Lowering } from "./lowering.ts"
import { type Hint, isInsideCompiled, type Place, plain, text } from "./text.ts"
import { proved } from "./variables.ts"

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
  if (!atCompiledLevel(place) && !(isInsideCompiled(place.unit) && isHoisted(unit)))
    return plain({ ...place, unit }, node)
  const keys = keyParameter(hint)
  return madeText(place, node, unit, plain({ ...place, unit }, node), hint, keys, keys)
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
  const env = captures.map(c => c.local)
  const made = named(source, hint)
  const list = [...env, ...params].join(", ")
  if (!isHoisted(unit) || hasStaticState(node) || isClassWithParts(node, params))
    return `((${list}) => ${made})(${[...env, ...args].join(", ")})`
  const own = nameOf(node, hint)
  const name = module.unique(`${module.prefix}${identifier(own)}`)
  const kind = isFunction(node) ? "function" : "class"
  const code = module.code(node, own, kind, [], [...captures.map(c => c.name), ...params], null)
  module.append(name, unit.strict, `${module.helper("closureCode")}({ ${code} }, (${list}) => ${made})`)
  return `${name}().make(${[...env, ...args].join(", ")})`
}

/** Heritage and computed keys are evaluated once; making such a class again would need them. */
function isClassWithParts(node: Node, params: readonly string[]): boolean {
  return !isFunction(node) && params.length > 0
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

/** The name of a function in its id. */
export function nameOf(node: Node, hint: Hint): string {
  return typeof hint === "string" ? hint : (node.id?.name ?? (hint === null ? "anonymous" : "computed"))
}

export function identifier(name: string): string {
  return name.replace(/[^\w$]/g, "_") || "closure"
}

/** Captured variables that have to be handed to the maker: those of compiled functions, and constant ones of others. */
export function capturesOf(unit: Unit): Binding[] {
  return [...unit.captures].filter(b => b.mode !== "native" || b.owner.compiled || isCopied(unit, b))
}

function isCopied(unit: Unit, binding: Binding): boolean {
  return !binding.assigned && !binding.early && isHoisted(unit) && binding.owner.kind !== "program"
}

const hoistedMemo = new WeakMap<Unit, boolean>()

/** Whether the maker can stand at module level. */
export function isHoisted(unit: Unit): boolean {
  const known = hoistedMemo.get(unit)
  if (known !== undefined) return known
  const result =
    !unit.dynamic &&
    !privateOutside(unit.node) &&
    !(unit.kind === "arrow" && usesNewTarget(unit.node)) &&
    [...unit.captures].every(b => b.owner.compiled || copyable(unit, b))
  hoistedMemo.set(unit, result)
  return result
}

/** An arrow function with `new.target` has that of a function around it. */
function usesNewTarget(node: Node): boolean {
  const found = (n: Node): boolean =>
    (n.type === "MetaProperty" && n.meta.name === "new") ||
    children(n).some(c => (!isFunction(c) || c.type === "ArrowFunctionExpression") && found(c))
  return found(node)
}

function copyable(unit: Unit, binding: Binding): boolean {
  if (
    binding.assigned ||
    binding.early ||
    binding.kind === "this" ||
    binding.kind === "arguments" ||
    binding.kind === "home" ||
    binding.kind === "self"
  )
    return false
  if (unit.node.type === "FunctionDeclaration" && !(binding.kind === "param" && binding.ready === -1)) return false
  return (
    proved(binding, { node: unit.node, scope: binding.scope, unit, binding, write: false }) &&
    binding.kind !== "function"
  )
}

/** Uses a private name of a class around it, or `super` of a method around it: it has to stay inside. */
function privateOutside(node: Node): boolean {
  const own = new Set<string>()
  const used = new Set<string>()
  const walk = (n: Node): void => {
    if (n.type === "ClassBody") for (const m of n.body) if (m.key?.type === "PrivateIdentifier") own.add(m.key.name)
    if (n.type === "PrivateIdentifier") used.add(n.name)
    for (const key in n) {
      const v = n[key]
      if (Array.isArray(v)) {
        for (const x of v) if (x !== null && typeof x === "object" && typeof x.type === "string") walk(x)
      } else if (v !== null && typeof v === "object" && typeof v.type === "string") walk(v)
    }
  }
  walk(node)
  for (const name of used) if (!own.has(name)) return true
  return false
}

/** A class with static fields or blocks has state that making it again would lose. */
function hasStaticState(node: Node): boolean {
  return (
    !isFunction(node) &&
    node.body.body.some((m: Node) => m.type === "StaticBlock" || (m.type === "PropertyDefinition" && m.static))
  )
}

/** Text of a class expression; `values` are the texts of heritage and computed keys if they were evaluated before. */
export function classText(place: Place, node: Node, hint: Hint, values: readonly string[] | null): string {
  const { module } = place
  const unit = module.analysis.unitOf.get(node.original ?? node) as Unit
  const inner: Place = { ...place, unit }
  if (!atCompiledLevel(place)) {
    const { source, variables } = classSource(inner, node, new Map())
    if (variables.length === 0) return source
    return `(() => { let ${variables.join(", ")}; return ${named(source, isAnonymousClass(node) ? hint : null)}; })()`
  }
  const parts = classParts(node)
  const names = parts.map((_, i) => module.unique(`${module.prefix}part${i}`))
  const args =
    values ?? parts.map(p => (p === node.superClass ? text(place, p) : `${module.helper("toKey")}(${text(place, p)})`))
  const { source, variables } = classSource(inner, node, new Map(parts.map((p, i) => [p, names[i] as string])))
  const keys = keyParameter(hint)
  const opened =
    variables.length === 0
      ? source
      : `(() => { let ${variables.join(", ")}; return ${named(source, isAnonymousClass(node) ? hint : null)}; })()`
  return madeText(
    place,
    node,
    unit,
    opened,
    variables.length === 0 ? hint : null,
    [...keys, ...names],
    [...keys, ...args],
  )
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
  if (heritage !== undefined) copy.superClass = replaced(node.superClass, heritage)
  return { source: plain(place, copy), variables }
}

/** Text of a function or class declaration where it stands. */
export function declarationText(place: Place, node: Node): string {
  const { module } = place
  const unit = module.analysis.unitOf.get(node) as Unit
  if (node.type === "ClassDeclaration") {
    if (!atCompiledLevel(place)) {
      const { source, variables } = classSource({ ...place, unit }, node, new Map())
      if (variables.length > 0 && place.unit.kind === "program") module.prologue.push(...variables)
      return variables.length > 0 && place.unit.kind !== "program" ? `let ${variables.join(", ")};\n${source}` : source
    }
    const binding = module.analysis.bindingOf.get(node.id) as Binding
    const value = classText(place, { ...node, type: "ClassExpression", original: node }, null, null)
    if (binding.mode === "native") return `const ${binding.local} = ${value};`
    return `${binding.mode === "cell" ? `${binding.local}.v` : binding.local} = ${value};`
  }
  if (atCompiledLevel(place)) return ""
  return unit.compiled ? generatorDeclaration(place, node, unit) : plain({ ...place, unit }, node)
}

/** What happens when a scope is entered, as text with the slots that it defines. */
function entryOf(place: Place, scope: Scope): { text: string; defines: string[] }[] {
  const { module } = place
  const out: { text: string; defines: string[] }[] = []
  if (!scope.unit.compiled) {
    for (const b of scope.bindings.values()) {
      const node = functionOf(module.analysis.unitOf, scope, b)
      if (node !== null && (module.analysis.unitOf.get(node) as Unit).compiled)
        out.push({ text: `${module.helper("mark")}(${b.local}, ${module.closureName(node)}());`, defines: [] })
    }
    return out
  }
  for (const b of scope.bindings.values()) {
    if (b.kind === "param" || b.mode === "native" || b.kind === "self") continue
    const empty = b.checked ? module.helper("TDZ") : "void 0"
    if (b.mode === "cell")
      out.push({
        text: `${b.local} = { v: ${b.kind === "var" || b.kind === "function" ? "void 0" : empty} };`,
        defines: [b.local],
      })
    else if (b.checked && b.kind !== "var" && b.kind !== "function")
      out.push({ text: `${b.local} = ${empty};`, defines: [b.local] })
    else if (b.kind !== "function") out.push({ text: "", defines: [b.local] })
  }
  for (const b of scope.bindings.values()) {
    const node = functionOf(module.analysis.unitOf, scope, b)
    if (node === null) continue
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
    out.push({
      text: `${b.mode === "native" ? "let " : ""}${target} = ${value};`,
      defines: b.mode === "slot" ? [b.local] : [],
    })
  }
  return out
}

/** The function declaration that gives the binding its value (the last one of that name). */
function functionOf(_units: ReadonlyMap<Node, Unit>, scope: Scope, b: Binding): Node | null {
  let found: Node | null = null
  const look = (list: readonly Node[]): void => {
    for (const s of list) {
      const d = s.type === "ExportNamedDeclaration" || s.type === "ExportDefaultDeclaration" ? s.declaration : s
      if (d?.type === "FunctionDeclaration" && d.id?.name === b.name) found = d
    }
  }
  const { node } = scope
  if (node.type === "SwitchStatement") for (const c of node.cases) look(c.consequent)
  else if (isFunction(node)) look(node.body.type === "BlockStatement" ? node.body.body : [])
  else if (Array.isArray(node.body)) look(node.body)
  return found
}

/** Text that is put at the beginning of a block. */
export function hoistedText(place: Place, scope: Scope): string {
  if (scope.kind === "loop" || scope.kind === "catch" || scope.kind === "class") return ""
  return entryOf(place, scope)
    .map(e => e.text)
    .filter(t => t !== "")
    .join(" ")
}

export function enterScope(l: Lowering, scope: Scope): void {
  const place: Place = { module: l.module, lowering: l, unit: l.unit }
  for (const e of entryOf(place, scope)) {
    if (e.text !== "") l.b.line(e.text)
    for (const name of e.defines) l.b.def(name)
  }
}
