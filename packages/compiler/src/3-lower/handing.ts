/** Owns calls whose computation only `all` and its like get: if these are ours, which is seen at run time, no generator object is made. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { calleeText, mark, type Place, text } from "./text.ts"

/** Null for other calls. The texts of callee and arguments stand there twice, and one of them runs. */
export function handedText(place: Place, node: Node): string | null {
  const { lowering, module, unit } = place
  if (lowering === null || module.takers.size === 0 || unit !== lowering.unit) return null
  const handed = lowering.handed.get(node)
  if (handed === undefined) return null
  const { taker, list } = handed
  const k = lowering.r("k")
  const fn = text(place, node.callee)
  const pushed = list === null ? "" : `, ${text(place, list)}`
  const asked = `${text(place, taker)}, ${fn}${pushed}`
  const args = node.arguments.map((a: Node) => text(place, a)).join(", ")
  const call = `${calleeText(place, bare(node.callee), fn, node)}(${args})`
  return `${mark(place, node)}((${k} = ${module.helper("handable")}(${asked})) !== void 0 ? ${module.helper("handed")}(${k}, [${args}]${pushed}) : ${call})`
}
