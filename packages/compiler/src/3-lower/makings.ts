/**
 * Owns calls of methods that do not stand as they are: of the language's own, whose results a record can carry only if
 * it is noted how they came about, and of values that V8 would call by names of ours.
 */

import type { Binding } from "../2-analyze/bindings.ts"
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import { roleOf, spreadOf } from "../2-analyze/roles.ts"
import { isHandedTo } from "./captures.ts"
import { isChainPart } from "./chains.ts"
import { givesIterator } from "./iterators.ts"
import type { Lowering } from "./lowering.ts"
import { isGiven } from "./ordinary.ts"
import { presentText } from "./patterns.ts"
import {
  classNameText,
  initializerText,
  nameText,
  notInnerSpreadText,
  notIterableText,
  notSpreadableText,
  printed,
} from "./printed.ts"
import { isLed } from "./supers.ts"
import { isInsideCompiled, mark, type Place, plain, text } from "./text.ts"

/** A call that may give an iterator of the language, which is then made so that it can be saved. */
export function iteratorCallText(place: Place, node: Node): string | null {
  const { callee } = node
  const { module } = place
  if (!isInsideCompiled(place.unit) || !givesIterator(node)) return null
  const name = nameText(callee)
  const object = text(place, callee.object)
  const simple = callee.object.type === "Identifier" && /^[\w$]+$/.test(object)
  const args = node.arguments.map((a: Node) => text(place, a))
  // a register is only there at the function's own level
  if (!simple && place.unit !== place.lowering?.unit) {
    const key = callee.computed ? text(place, callee.property) : JSON.stringify(callee.property.name)
    return `${mark(place, node)}${module.helper("method")}(${object}, ${key}, ${name})(${args.join(", ")})`
  }
  const self = simple ? object : (place.lowering as Lowering).r("c")
  const base = simple ? object : `(${self} = ${object})`
  const key = callee.computed ? `[${text(place, callee.property)}]` : `.${callee.property.name}`
  return `${mark(place, node)}${module.helper("call")}(${[`${base}${key}`, self, name, ...args].join(", ")})`
}

/** A call of a method whose object is written in another way than in the source, which a message would show. */
export function methodCallText(place: Place, node: Node): string | null {
  const callee = bare(node.callee)
  if (callee.type !== "MemberExpression") return null
  const isShown = isRenamed(place, callee) || isUsedApart(place, node, callee)
  if (!isShown && (node.optional || isUsual(callee) || !isHelped(place, callee))) return null
  const args = node.arguments.map((a: Node) => text(place, a))
  if (!node.optional) return invokeText(place, node, callee, args)
  return `${mark(place, node)}${onText(place, "boundOn", callee, [])}?.(${args.join(", ")})`
}

/** Whether what iterates the value, or delegates to it, is no longer around the call: that V8 names in the message too. */
export function isUsedApart({ unit, lowering }: Place, { optional }: Node, callee: Node): boolean {
  const role = roleOf(callee)
  return !optional && unit === lowering?.unit && (role === "iterated" || role === "delegated")
}

/** The same for a method that is found once and called. */
export function invokeText(place: Place, node: Node, callee: Node, args: readonly string[]): string {
  return `${mark(place, node)}${onText(place, "invoke", callee, args)}`
}

/**
 * A call of a helper with an object that is evaluated once, and its method. The object is handed over before the method is read,
 * which may run any code, and change the variable.
 */
function onText(
  place: Place,
  helper: string,
  callee: Node,
  args: readonly string[],
  object = text(place, callee.object),
): string {
  const isSimple = /^[\w$]+(?:\.v)?$/.test(unmarked(place, object))
  const kept = isSimple ? object : keptText(place)
  const self = isSimple ? object : `${kept} = ${object}`
  const method = `${kept}${keyText(place, callee)}`
  return `${place.module.helper(helper)}(${[self, method, nameText(callee), ...args].join(", ")})`
}

/** Where an object is kept: in a register, which is only there at the function's own level, or a place for all. */
function keptText({ module, lowering, unit }: Place): string {
  return lowering !== null && unit === lowering.unit ? lowering.r("c") : `${module.helper("at")}.o`
}

/** What stands behind the object of a member expression, without its question mark. */
function keyText(place: Place, { computed, property, object, end, optional }: Node): string {
  if (computed) return `[${text(place, property)}]`
  const key = place.module.source.slice(object.end, end)
  return optional ? key.replace("?.", ".") : key
}

/** A call at the end of a chain that may end early at one place, whose object is written in another way than in the source. */
export function chainCallText(place: Place, { expression: node }: Node): string | null {
  const { type, callee, optional } = node
  if (type !== "CallExpression" || optional || callee.type !== "MemberExpression") return null
  const links: Node[] = []
  let n: Node = callee
  for (; n.type === "MemberExpression" && n.object.type !== "Super"; n = n.object) links.unshift(n)
  const early = links.filter(link => link.optional)
  const first = early[0]
  if (first === undefined || early.length > 1 || !isRenamed(place, first.object, true)) return null
  if (callee.property.name === "bind") return null
  const { module } = place
  const at = keptText(place)
  const inner = links.slice(links.indexOf(first), -1).map(link => keyText(place, link))
  const args = node.arguments.map((a: Node) => text(place, a))
  const called = onText(place, "invoke", callee, args, `${at}${inner.join("")}`)
  const ends = `${module.helper("isNone")}(${at} = ${text(place, first.object)})`
  return `${mark(place, node)}${module.helper("value")}(${ends} ? void 0 : ${called})`
}

/** Whether a loop goes over the value by its `Symbol.iterator`: `for await` asks for another one first. */
export function isIterated(loop: Node, node: Node): boolean {
  return loop.type === "ForOfStatement" && loop.right === node && loop["await"] !== true
}

/** What an ordinary function iterates, where V8 would call it by a name of ours; `message`: see `notIterableText`. */
export function iteratedText(place: Place, node: Node, value: string, message: (node: Node) => string): string {
  if (!isInsideCompiled(place.unit) || !isRenamed(place, node, true)) return value
  return `${place.module.helper("iterable")}(${value}, ${message(node)})`
}

/** `...x` where that is iterated. */
export function spreadText(place: Place, node: Node): string | null {
  const kind = spreadOf(node)
  if (kind === undefined) return null
  const message = { last: notSpreadableText, inner: notInnerSpreadText, array: notIterableText }[kind]
  return `...${iteratedText(place, node.argument, text(place, node.argument), message)}`
}

/** `new` of what V8 would call by a name of ours. */
export function newText(place: Place, node: Node): string | null {
  const callee = bare(node.callee)
  const isShown = isRenamed(place, node.callee, callee.type === "ArrowFunctionExpression") || isHelped(place, callee)
  if (!isShown && !isToldOtherwise(place, callee)) return null
  const made = `${place.module.helper("constructible")}(${text(place, node.callee)}, ${classNameText(node.callee)})`
  return `${mark(place, node)}new (${made})(${node.arguments.map((a: Node) => text(place, a)).join(", ")})`
}

/** What is done with the instance shows in what V8 calls the class. */
function isToldOtherwise({ unit, lowering }: Place, callee: Node): boolean {
  const role = roleOf(callee)
  if (role !== "iterated") return role === "delegated"
  return unit === lowering?.unit && printed(callee) !== printed(callee, true)
}

/** The value that an untouched pattern takes apart, which V8 would call by a name of ours. */
export function takenText(place: Place, pattern: Node, source: Node, value: string, isDeclared: boolean): string {
  const { module } = place
  if (pattern.type === "ArrayPattern") {
    const message = isDeclared ? initializerText(source) : null
    return message === null ? value : iteratedText(place, source, value, () => message)
  }
  if (pattern.type !== "ObjectPattern" || !isRewritten(place, source, value)) return value
  return presentText(module, pattern, value, printed(source))
}

/** Whether the text of a node is another one than in the source. */
export function isRewritten(place: Place, node: Node, value: string): boolean {
  return unmarked(place, value) !== place.module.source.slice(node.start, node.end)
}

function unmarked({ module: { mark: m } }: Place, value: string): string {
  return value.replace(new RegExp(`${m}[^${m}]*${m}`, "g"), "")
}

/**
 * Whether what a callee begins with is `this`, a shared variable, the arguments object or a function that is made by a
 * maker: these are written in another way than in the source. `itself`: a function may be all there is.
 */
export function isRenamed(place: Place, callee: Node, itself = false): boolean {
  let n: Node = callee
  while (n.type === "CallExpression" || n.type === "MemberExpression" || n.type === "ParenthesizedExpression") {
    if (n.optional) return false
    n = n.type === "CallExpression" ? n.callee : n.type === "MemberExpression" ? n.object : n.expression
  }
  if (n.type === "Super") return isLed(place, n)
  if (isFunction(n) || isClass(n)) return (itself || n !== bare(callee)) && isInsideCompiled(place.unit)
  if (n.type !== "Identifier" && n.type !== "ThisExpression" && n.type !== "MetaProperty") return false
  const binding = place.module.analysis.refOf.get(n)?.binding
  if (binding == null || !isInsideCompiled(place.unit)) return false
  return binding.mode === "cell" || isCalledOtherwise(binding) || isGivenElsewhere(place, binding)
}

/** Whether what a callee begins with is what a call gave for which a helper of ours is called. */
export function isHelped(place: Place, callee: Node): boolean {
  if (!isInsideCompiled(place.unit)) return false
  for (
    let n = callee;
    ;
    n = n.type === "CallExpression" ? n.callee : n.type === "MemberExpression" ? n.object : n.expression
  ) {
    if (n.type !== "CallExpression" && n.type !== "MemberExpression" && n.type !== "ParenthesizedExpression")
      return false
    if (n.optional) return false
    if (n.type === "CallExpression" && (givesIterator(n) || isBinding(n))) return true
  }
}

function isBinding({ callee: { type, object, computed, property } }: Node): boolean {
  return type === "MemberExpression" && object.type !== "Super" && !computed && property.name === "bind"
}

const USUAL: ReadonlySet<string> = new Set(
  [Array, Iterator, String, Map, Set, Promise].flatMap(of => Object.getOwnPropertyNames(of.prototype)),
)

/** A method that lists, iterators and texts have: that it is none is not worth a slower call of it. */
function isUsual({ computed, property }: Node): boolean {
  return !computed && USUAL.has(property.name)
}

/** Whether the emitted code has another name for a variable, or asks each time whether it is initialised. */
function isCalledOtherwise(binding: Binding): boolean {
  return !isGiven(binding) && (binding.local !== binding.name || (binding.mode === "slot" && binding.checked))
}

/** Whether `this` or its like is that of a compiled function, or was handed to a maker. */
export function isGivenElsewhere({ unit }: Place, binding: Binding): boolean {
  return isGiven(binding) && binding.kind !== "home" && (binding.owner.compiled || isHandedTo(unit, binding))
}

/** `f.bind(…)`: the bound function can be made again. */
export function bindText(place: Place, node: Node): string | null {
  const callee: Node = node.callee
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.name !== "bind") return null
  if (callee.object.type === "Super" || !isInsideCompiled(place.unit)) return null
  const { object } = callee
  if (!node.optional && !isChainPart(callee)) {
    const args = node.arguments.map((a: Node) => text(place, a))
    return `${mark(place, node)}${onText(place, "bindOn", callee, args)}`
  }
  const value = `${place.module.helper("bindable")}(${text(place, object)})`
  const target: Node = { type: "Replaced", start: object.start, end: object.end, text: value }
  return plain(place, { ...node, callee: { ...callee, object: target } })
}
