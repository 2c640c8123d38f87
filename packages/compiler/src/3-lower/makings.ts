/**
 * Owns calls of methods that do not stand as they are: of the language's own, whose results a record can carry only if
 * it is noted how they came about, and of values that V8 would call by names of ours.
 */

import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import { givesIterator } from "./iterators.ts"
import type { Lowering } from "./lowering.ts"
import { presentText } from "./patterns.ts"
import { nameText, printed } from "./printed.ts"
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
  if (node.optional || callee.type !== "MemberExpression" || !isRenamed(place, callee)) return null
  const args = node.arguments.map((a: Node) => text(place, a))
  return invokeText(place, node, callee, args)
}

/** The same for a method that is found once and called; null if there is no place to keep its object. */
export function invokeText(place: Place, node: Node, callee: Node, args: readonly string[]): string | null {
  const object = text(place, callee.object)
  const simple = /^[\w$]+(?:\.v)?$/.test(unmarked(place, object))
  // a register is only there at the function's own level, and a key that is evaluated could use it too
  const computed = callee.computed && callee.property.type !== "Literal" && callee.property.type !== "Identifier"
  if (!simple && (computed || place.unit !== place.lowering?.unit)) return null
  const self = simple ? object : (place.lowering as Lowering).r("c")
  const key = callee.computed
    ? `[${text(place, callee.property)}]`
    : place.module.source.slice(callee.object.end, callee.end)
  const read = `${simple ? object : `(${self} = ${object})`}${key}`
  return `${mark(place, node)}${place.module.helper("invoke")}(${[read, self, nameText(callee), ...args].join(", ")})`
}

/** `new` of what V8 would call by a name of ours. */
export function newText(place: Place, node: Node): string | null {
  if (!isRenamed(place, node.callee)) return null
  const made = `${place.module.helper("constructible")}(${text(place, node.callee)}, ${nameText(node.callee)})`
  return `${mark(place, node)}new (${made})(${node.arguments.map((a: Node) => text(place, a)).join(", ")})`
}

/** The value that an untouched object pattern takes apart, which V8 would call by a name of ours. */
export function takenText(place: Place, pattern: Node, source: Node, value: string): string {
  const { module } = place
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
 * maker: these are written in another way than in the source.
 */
export function isRenamed(place: Place, callee: Node): boolean {
  let n: Node = callee
  while (n.type === "CallExpression" || n.type === "MemberExpression" || n.type === "ParenthesizedExpression") {
    if (n.optional) return false
    n = n.type === "CallExpression" ? n.callee : n.type === "MemberExpression" ? n.object : n.expression
  }
  if (n.type === "Super") return isLed(place, n)
  if (isFunction(n) || isClass(n)) return n !== bare(callee) && place.lowering !== null
  if (n.type !== "Identifier" && n.type !== "ThisExpression") return false
  const binding = place.module.analysis.refOf.get(n)?.binding
  if (binding == null || !isInsideCompiled(place.unit)) return false
  return (
    binding.mode === "cell" || ((binding.kind === "arguments" || binding.kind === "this") && binding.owner.compiled)
  )
}

/** `f.bind(…)`: the bound function can be made again. */
export function bindText(place: Place, node: Node): string | null {
  const callee: Node = node.callee
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.name !== "bind") return null
  if (callee.object.type === "Super" || !isInsideCompiled(place.unit)) return null
  const { object } = callee
  const value = `${place.module.helper("bindable")}(${text(place, object)})`
  const target: Node = { type: "Replaced", start: object.start, end: object.end, text: value }
  return plain(place, { ...node, callee: { ...callee, object: target } })
}
