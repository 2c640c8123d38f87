/** Owns calls of the language's own methods whose results a record can carry only if it is noted how they came about. */

import type { Node } from "../2-analyze/nodes.ts"
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
