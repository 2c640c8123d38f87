/**
 * Owns the text of nodes that are emitted as they stand: the source, with variables renamed or opened (`x` → `x.v`),
 * closures replaced by their makers, and jumps that leave the text replaced by leaps.
 */

import type { Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { bare, branchesOf, chainOf, children, eachChild, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import { declared } from "../2-analyze/sloppy.ts"
import { isHandedTo } from "./captures.ts"
import { arrowBody, catchText, loopText } from "./cells.ts"
import { closureText, declarationText, hoistedText } from "./functions.ts"
import { handedText } from "./handing.ts"
import { leapText } from "./leaps.ts"
import type { Lowering } from "./lowering.ts"
import {
  bindText,
  chainCallText,
  isGivenElsewhere,
  isHelped,
  isIterated,
  isRenamed,
  isRewritten,
  isUsedApart,
  iteratedText,
  iteratorCallText,
  methodCallText,
  newText,
  spreadText,
  takenText,
} from "./makings.ts"
import type { ModuleState } from "./module.ts"
import { hintFor } from "./named.ts"
import { objectText } from "./objects.ts"
import { isBeforeCell, isGiven } from "./ordinary.ts"
import { nameText, notLoopedText } from "./printed.ts"
import { namespaceText } from "./references.ts"
import { ended, endedIn } from "./semicolons.ts"
import { superCallText, superDeleteText, superText } from "./supers.ts"
import { siteText } from "./tags.ts"
import { proved } from "./variables.ts"

/** Where text is printed: in a module, and (unless null) in a compiled function at whose own level it stands. */
export interface Place {
  readonly module: ModuleState
  readonly lowering: Lowering | null
  /** The unit whose code the text is. */
  readonly unit: Unit
  /** A part of a class, which is strict, in front of it in sloppy code. */
  readonly strictly?: true
}

/** The name that an anonymous function gets from its place: known, or the key that a maker's parameter is given by a variable. */
export type Hint = string | { readonly parameter: string; readonly variable?: string; readonly shown: string } | null

const marked = new Set([
  "Identifier",
  "NewExpression",
  "CallExpression",
  "ThisExpression",
  "ThrowStatement",
  "ReturnStatement",
  "ExpressionStatement",
  "Literal",
  "TemplateLiteral",
])

/** Text of a node that does not stop. `hint` is the name that an anonymous function gets from its place. */
export function text(place: Place, node: Node, hint: Hint = null): string {
  return ended(place.module.source, node, specialText(place, node, hint) ?? plain(place, node))
}

/** The source of the node with the texts of its children in their places. */
export function plain(place: Place, node: Node): string {
  const { source } = place.module
  let out = marked.has(node.type) ? mark(place, node) : ""
  let at = node.start
  if (node.type === "Identifier" || node.type === "Literal") return out + source.slice(at, node.end)
  const add = (child: Node): void => {
    out += source.slice(at, child.start) + childText(place, node, child)
    at = child.end
  }
  if (node.type !== "TemplateLiteral") eachChild(node, add)
  else for (const child of children(node).sort((a, b) => a.start - b.start)) add(child)
  return out + source.slice(at, node.end)
}

function childText(place: Place, node: Node, child: Node): string {
  if (isMethodOf(node, child)) return methodText(place, child)
  if (node.type === "ArrowFunctionExpression" && child === node.body && child.type !== "BlockStatement")
    return arrowBody(place, node)
  const unit =
    node.type === "PropertyDefinition" && child === node.value ? node : child.type === "StaticBlock" ? child : null
  const inner =
    unit === null ? place : { ...place, unit: place.module.analysis.unitOf.get(unit.original ?? unit) ?? place.unit }
  const value = endedIn(place.module.source, node, child, text(inner, child, hintFor(node, child)))
  if (isIterated(node, child)) return iteratedText(place, child, value, notLoopedText)
  if (node.type === "AssignmentExpression" && child === node.right)
    return takenText(place, node.left, child, value, false)
  if (node.type === "VariableDeclarator" && child === node.init) return takenText(place, node.id, child, value, true)
  if (node.type === "CallExpression" && node.callee === child) return calleeText(place, bare(child), value, node)
  // `new` would take the arguments of the first call that is new in it
  return node.type === "NewExpression" &&
    child === node.callee &&
    value.includes("(") &&
    isRewritten(place, child, value)
    ? `(${value})`
    : value
}

/** A call of a variable has no receiver, however the variable is kept; an optional one may have nothing to call. */
export function calleeText(place: Place, callee: Node, value: string, call: Node): string {
  const keepsReceiver = callee.type === "MemberExpression" || callee.type === "ChainExpression"
  if (!isCalledByHelper(place, callee) && (keepsReceiver || !isUsedApart(place, call, callee))) return value
  const helper = place.module.helper(call.optional ? "callableIfAny" : "callable")
  return `${helper}(${value}, ${nameText(callee)})`
}

function showsRenamed(place: Place, node: Node): boolean {
  if (node.type === "Identifier" || node.type === "ThisExpression") return isRenamed(place, node)
  return !isFunction(node) && !isClass(node) && children(node).some(child => showsRenamed(place, child))
}

function isCalledByHelper(place: Place, callee: Node): boolean {
  if (callee.type === "CallExpression") return isRenamed(place, callee) || isHelped(place, callee)
  // its value has no receiver, and a message would show how its variables are kept
  if (callee.type === "SequenceExpression" || callee.type === "LogicalExpression") return showsRenamed(place, callee)
  const binding = place.module.analysis.refOf.get(callee)?.binding
  if (binding == null) return false
  if (isGivenElsewhere(place, binding)) return true
  return binding.mode !== "native" && (binding.mode === "cell" || binding.checked || binding.local !== binding.name)
}

function isMethodOf(node: Node, child: Node): boolean {
  if (node.type === "Property") return (node.method || node.kind !== "init") && node.value === child
  return node.type === "MethodDefinition" && node.value === child
}

/** Parameters and body of a method, which stay where they are. */
function methodText(place: Place, fn: Node): string {
  return plain({ ...place, unit: place.module.analysis.unitOf.get(fn.original ?? fn) as Unit }, fn)
}

function specialText(place: Place, node: Node, hint: Hint): string | null {
  const { module, lowering } = place
  switch (node.type) {
    case "Replaced":
      return node.text
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportSpecifier":
      return module.source.slice(node.start, node.end)
    case "Identifier": {
      const ref = module.analysis.refOf.get(node.readOf ?? node)
      // as it stands, escapes included: `let` as a name may begin a statement only with one
      if (ref?.binding == null || (ref.binding.mode === "native" && ref.binding.local === node.name)) return null
      return (
        mark(place, node) + (ref.write && node.readOf === undefined ? targetText(place, ref) : readText(place, ref))
      )
    }
    case "ThisExpression": {
      const ref = module.analysis.refOf.get(node)
      if (ref?.binding == null || (ref.binding.mode === "native" && !isHandedTo(place.unit, ref.binding))) return null
      return mark(place, node) + readText(place, ref)
    }
    case "MemberExpression":
      return node.object.type === "Super" ? superText(place, node) : null
    case "CallExpression":
      return (
        superCallText(place, node) ??
        handedText(place, node) ??
        iteratorCallText(place, node) ??
        bindText(place, node) ??
        methodCallText(place, node)
      )
    case "ChainExpression":
      return chainCallText(place, node)
    case "SpreadElement":
      return spreadText(place, node)
    case "NewExpression":
      return newText(place, node)
    case "TaggedTemplateExpression":
      return siteText(place, node)
    case "MetaProperty":
      return newTarget(place, node) ?? module.source.slice(node.start, node.end)
    case "Property":
      if (node.shorthand && node.value !== null) return shorthandText(place, node)
      return null
    case "ObjectExpression":
      return objectText(place, node)
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
      return closureText(place, node, hint)
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return declarationText(place, node)
    case "ParenthesizedExpression":
      return hint === null ? null : `(${text(place, node.expression, hint)})`
    case "BlockStatement":
    case "StaticBlock":
      return blockText(place, node)
    case "SwitchStatement": {
      const scope = module.analysis.scopeOf.get(node)
      const entry = scope === undefined ? "" : hoistedText(place, scope)
      return entry === "" ? null : `{ ${entry} ${plain(place, node)} }`
    }
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
      return loopText(place, node)
    case "CatchClause":
      return catchText(place, node)
    case "VariableDeclaration":
      return declarationListText(place, node)
    case "BinaryExpression":
    case "LogicalExpression":
      return joined(place, node, chainOf(node))
    case "IfStatement":
      return joined(place, node, branchesOf(node))
    case "UnaryExpression":
      return node.operator === "delete" ? deleteText(place, node.argument) : null
    case "BreakStatement":
    case "ContinueStatement":
    case "ReturnStatement":
      return lowering === null || place.unit !== lowering.unit ? null : leapText(place, lowering, node)
    case "LabeledStatement":
      return place.unit.compiled && declared(node).type === "FunctionDeclaration" ? text(place, node.body) : null
  }
  return null
}

/** The parts of a node that is a chain of many, with what stands between them. */
function joined(place: Place, node: Node, parts: readonly Node[]): string {
  let out = ""
  let at = node.start
  for (const part of parts) {
    out += place.module.source.slice(at, part.start) + endedIn(place.module.source, node, part, text(place, part))
    at = part.end
  }
  return out
}

/** `delete` of what is no property; null if it can stand as it is. */
function deleteText(place: Place, node: Node): string | null {
  const target = bare(node)
  if (target.type === "ThisExpression") return "true"
  if (target.type === "Identifier") {
    const binding = place.module.analysis.refOf.get(target)?.binding
    return binding == null || binding.mode === "native" ? null : "false"
  }
  return target.type === "MemberExpression" && target.object.type === "Super" ? superDeleteText(place, target) : null
}

export function isInsideCompiled(unit: Unit | null): boolean {
  for (let u = unit; u !== null; u = u.parent) if (u.compiled) return true
  return false
}

export function mark(place: Place, node: Node): string {
  return place.module.placeText(node.start)
}

/** Text that reads a variable. */
export function readText(place: Place, ref: Ref): string {
  const binding = ref.binding as Binding
  if (isGiven(binding) && !binding.owner.compiled) return givenText(place.unit, binding)
  if (binding.mode === "native" || isBeforeCell(binding, ref)) return binding.local
  const value = binding.mode === "cell" ? `${binding.local}.v` : binding.local
  return binding.checked && !proved(binding, ref)
    ? `${place.module.helper("read")}(${value}, ${JSON.stringify(binding.name)})`
    : value
}

const given: Readonly<Record<string, string>> = { this: "this", arguments: "arguments", target: "new.target" }

/** Text of `this` and the like of an ordinary function: as it stands, or what the maker was given. */
export function givenText(unit: Unit, binding: Binding): string {
  return isHandedTo(unit, binding) ? binding.local : (given[binding.kind] as string)
}

/** Text of a variable as target of an assignment. */
function targetText(place: Place, ref: Ref): string {
  const binding = ref.binding as Binding
  const declares = place.module.analysis.bindingOf.has(ref.node)
  if (isGiven(binding) && !binding.owner.compiled) return givenText(place.unit, binding)
  if (binding.mode === "native" || isBeforeCell(binding, ref)) return binding.local
  const value = binding.mode === "cell" ? `${binding.local}.v` : binding.local
  if (
    !declares &&
    (binding.kind === "const" ||
      binding.kind === "using" ||
      (binding.kind === "self" && (place.strictly ?? place.unit.strict)))
  ) {
    return `${place.module.helper("constant")}(${value}, ${JSON.stringify(binding.name)}).v`
  }
  if (!declares && binding.kind === "self") return `${place.module.helper("ignored")}(${value}).v`
  if (!declares && binding.checked && !proved(binding, ref)) {
    return `${place.module.helper("guarded")}(${binding.local}, ${JSON.stringify(binding.name)}).v`
  }
  return value
}

/** `new.target` where it cannot stand: generators and fields have none, and arrow functions are given that of a function. */
function newTarget(place: Place, node: Node): string | null {
  if (node.meta.name !== "new") return null
  const binding = place.module.analysis.refOf.get(node)?.binding
  if (binding == null) return null
  if (binding.owner.compiled || binding.owner.kind === "field") return "(void 0)"
  return givenText(place.unit, binding)
}

/** `{x}` and `{x = 1}` in literals and patterns. */
function shorthandText(place: Place, node: Node): string {
  const value: Node = node.value
  const target = value.type === "AssignmentPattern" ? value.left : value
  const ref = place.module.analysis.refOf.get(target)
  if (ref?.binding == null || (ref.binding.mode === "native" && ref.binding.local === ref.binding.name)) {
    if (value.type !== "AssignmentPattern") return text(place, value)
    return `${text(place, target)} = ${text(place, value.right, target.name)}`
  }
  // as `name: value` it would set the prototype
  const name = node.key.name === "__proto__" ? '["__proto__"]' : place.module.source.slice(node.key.start, node.key.end)
  return value.type === "AssignmentPattern"
    ? `${name}: ${text(place, target)} = ${text(place, value.right, target.name)}`
    : `${name}: ${text(place, value)}`
}

/** A block: what its scope needs at entry comes first. */
function blockText(place: Place, node: Node): string | null {
  const { module } = place
  const scope = module.analysis.scopeOf.get(node)
  const entry = scope === undefined ? "" : hoistedText(place, scope)
  const end = place.unit.node.body === node ? namespaceText(module, place.unit.node) : ""
  if (entry === "" && end === "") return null
  if (node.bare === true)
    return `{ ${entry} ${node.body.map((s: Node) => endedIn(module.source, node, s, text(place, s))).join("")} }`
  let at = node.type === "StaticBlock" ? module.source.indexOf("{", node.start) + 1 : node.start + 1
  const directives = node.body.filter((s: Node) => typeof s.directive === "string")
  const before = module.source.slice(at, directives.at(-1)?.end ?? at)
  let out = `${node.type === "StaticBlock" ? "static " : ""}{${before}${before === "" || before.endsWith(";") ? "" : ";"} ${entry}`
  at += before.length
  for (const s of node.body.slice(directives.length)) {
    out += module.source.slice(at, s.start) + endedIn(module.source, node, s, text(place, s))
    at = s.end
  }
  return `${out}${end === "" ? "" : `\n${end}`}${module.source.slice(at, node.end)}`
}

/** A declaration whose names are slots or cells becomes assignments. */
function declarationListText(place: Place, node: Node): string | null {
  const { module } = place
  const first = firstBinding(place, node)
  if (first === null) return null
  // a `var` of a compiled function that the engine would see: it assigns the exception of an untouched catch
  if (first.mode === "native" && !(node.kind === "var" && place.unit.compiled)) return null
  const parts: string[] = []
  for (const v of node.declarations) {
    if (v.init === null) {
      if (node.kind !== "var") parts.push(`${text(place, v.id)} = void 0`)
      continue
    }
    const init = takenText(place, v.id, v.init, text(place, v.init, hintFor(v, v.init)), true)
    const target = text(place, v.id)
    // `void` in front, because the line before may lack its semicolon
    parts.push(v.id.type === "Identifier" ? `${target} = ${init}` : `void (${target} = ${init})`)
  }
  const terminated = module.source[node.end - 1] === ";"
  return parts.length === 0 ? (terminated ? ";" : "") : parts.join(", ") + (terminated ? ";" : "")
}

function firstBinding(place: Place, node: Node): Binding | null {
  for (const v of node.declarations) {
    const found = bindingIn(place, v.id)
    if (found !== null) return found
  }
  return null
}

function bindingIn(place: Place, pattern: Node | null): Binding | null {
  if (pattern === null) return null
  if (pattern.type === "Identifier") return place.module.analysis.refOf.get(pattern)?.binding ?? null
  if (pattern.type === "AssignmentPattern") return bindingIn(place, pattern.left)
  for (const c of children(pattern)) {
    const found =
      c.type === "Property"
        ? bindingIn(place, c.value)
        : c.type.endsWith("Pattern") || c.type === "Identifier" || c.type === "RestElement"
          ? bindingIn(place, c)
          : null
    if (found !== null) return found
  }
  return null
}
