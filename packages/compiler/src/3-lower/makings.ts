/**
 * Owns calls of methods that do not stand as they are: of the language's own, whose results a record can carry only if
 * it is noted how they came about, and of values that V8 would call by names of ours.
 */

import { isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import { givesIterator } from "./iterators.ts"
import type { Lowering } from "./lowering.ts"
import { nameText } from "./printed.ts"
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
  const { callee } = node
  if (callee.type !== "MemberExpression" || place.unit !== place.lowering?.unit || !isRenamed(place, node)) return null
  // a key that is evaluated could use the register too
  if (callee.computed && callee.property.type !== "Literal" && callee.property.type !== "Identifier") return null
  const r = place.lowering.r("c")
  const key = callee.computed
    ? `[${text(place, callee.property)}]`
    : place.module.source.slice(callee.object.end, callee.end)
  const args = node.arguments.map((a: Node) => text(place, a))
  const read = `(${r} = ${text(place, callee.object)})${key}`
  return `${mark(place, node)}${place.module.helper("invoke")}(${[read, r, nameText(callee), ...args].join(", ")})`
}

/** Whether what the callee begins with is a shared variable, the arguments object or a function that is made by a maker. */
function isRenamed({ module }: Place, call: Node): boolean {
  let n: Node = call
  while (n.type === "CallExpression" || n.type === "MemberExpression" || n.type === "ParenthesizedExpression") {
    if (n.optional) return false
    n = n.type === "CallExpression" ? n.callee : n.type === "MemberExpression" ? n.object : n.expression
  }
  if (isFunction(n) || isClass(n)) return true
  const binding = n.type === "Identifier" ? module.analysis.refOf.get(n)?.binding : null
  return binding != null && (binding.mode === "cell" || (binding.kind === "arguments" && binding.owner.compiled))
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
