/** Owns tagged templates in which nothing stops: their strings are those of their place, and their tags are called by their names. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { invokeText, isRenamed } from "./makings.ts"
import { nameText } from "./printed.ts"
import { boundText, superText } from "./supers.ts"
import { calleeText, isInsideCompiled, type Place, text } from "./text.ts"

/** A tagged template whose strings may get into a record: they are carried by the name of their place. */
export function siteText(place: Place, node: Node): string | null {
  if (!isInsideCompiled(place.unit)) return null
  const site = place.module.site(node.quasi.quasis.map((q: Node) => q.value.raw))
  const strings = [site, ...node.quasi.expressions.map((e: Node) => text(place, e))]
  const tag = bare(node.tag)
  const value = tagText(place, tag)
  const invoked =
    tag.type === "MemberExpression" && tag.object.type !== "Super" && isRenamed(place, tag)
      ? invokeText(place, node, tag, strings)
      : null
  if (invoked !== null) return `(${invoked})`
  const isNamed = tag.type === "Identifier" && calleeText(place, tag, value, node) === value
  const callee =
    isNamed || (tag.type === "MemberExpression" && tag.object.type !== "Super")
      ? value
      : `${place.module.helper("callable")}((${value}), ${nameText(tag)})`
  return `(${callee}(${strings.join(", ")}))`
}

function tagText(place: Place, tag: Node): string {
  const value = text(place, tag)
  if (tag.type !== "MemberExpression" || tag.object.type !== "Super" || superText(place, tag) === null) return value
  return boundText(place, value, tag)
}
