/** Owns array, object, class and template literals in which something stops: parts in order, then one literal. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { classParts, suspends } from "../2-analyze/suspends.ts"
import { referenceOf } from "./chains.ts"
import { expression, keep, operand, operands } from "./expressions.ts"
import { classText, emptyHead, headBinding, partText } from "./functions.ts"
import type { Lowering } from "./lowering.ts"
import { assembled, functionPart, isPlain, keyText, needsHome, type Part, partKind } from "./objects.ts"
import { joined, portionsOf } from "./portions.ts"
import { nameText } from "./printed.ts"
import { placeOf } from "./statements.ts"
import { type Hint, keyName, shownKey, text } from "./text.ts"

type Element = Node | null

export function arrayLiteral(l: Lowering, { elements }: Node): string {
  const portions = portionsOf(elements)
  return portions.length === 1 ? arrayText(l, elements) : l.use(joined(l, portions, part => arrayText(l, part)))
}

function arrayText(l: Lowering, elements: readonly Element[]): string {
  return `[${operands(l, elements, true).join(", ")}${elements.at(-1) === null ? "," : ""}]`
}

export function objectLiteral(l: Lowering, node: Node): string {
  const place = placeOf(l)
  const { properties } = node
  const home = needsHome(place, node) ? keep(l, "{ v: void 0 }") : null
  const parts = properties.map((p: Node, i: number): Part => {
    const later = properties.slice(i + 1).some(suspends)
    if (p.type === "SpreadElement") {
      const value = expression(l, p.argument, true)
      return { kind: "spread", key: "", value: later ? keep(l, `{ ...${value} }`) : value }
    }
    const plainValue = isPlain(p)
    // the keys of a class without a name of its own may stop, too
    const isValue = p.kind === "init" && !p.method
    const valueStops = isValue && suspends(p.value)
    let key = keyText(place, p)
    if (p.computed) {
      const value = `${l.module.helper("toKey")}(${expression(l, p.key, true)})`
      key = later || valueStops ? keep(l, value) : value
    }
    if (plainValue && !p.shorthand)
      return { kind: partKind(p), key, value: operand(l, p.value, later), computed: p.computed }
    // what closures capture by copy does not change until the literal is complete
    if (plainValue)
      return { kind: "init", key, value: later ? keep(l, text(place, p.value)) : text(place, p.value), computed: false }
    if (valueStops) {
      const hint: Hint = p.computed ? { parameter: key, shown: shownKey(p.key) } : keyName(p.key)
      const value = expression(l, p.value, true, hint)
      return { kind: "init", key, value: later ? keep(l, value) : value, computed: p.computed }
    }
    const part = functionPart(place, p, key, home)
    if (!later) return part
    // a function of the key is called at once: what is kept until the literal is complete can be saved
    if (part.kind === "entry" || p.computed) {
      const made = keep(l, `(${part.value})(${part.key})`)
      return { ...part, value: `() => ${made}` }
    }
    return { ...part, value: keep(l, part.value) }
  })
  return assembled(place, parts, home)
}

export function template(l: Lowering, node: Node): string {
  const { expressions, quasis } = node
  let out = "`"
  const parts: string[] = expressions.map((e: Node, i: number) => {
    const value = expression(l, e, true)
    return expressions.slice(i + 1).some(suspends) ? keep(l, `\`\${${value}}\``) : value
  })
  quasis.forEach((q: Node, i: number) => {
    out += q.value.raw
    if (i < parts.length) out += `\${${parts[i]}}`
  })
  return `${out}\``
}

/** A tagged template: the strings array is that of its place in the source, one for ever. */
export function tagged(l: Lowering, node: Node): string {
  const { expressions, quasis } = node.quasi
  const stops = expressions.some(suspends)
  const tag = bare(node.tag)
  const name = nameText(tag)
  let self = "void 0"
  let fn: string
  if (tag.type === "MemberExpression") {
    const reference = referenceOf(l, tag, true, true)
    self = reference.object
    fn = keep(l, reference.read())
  } else fn = operand(l, node.tag, stops)
  const site = l.module.site(quasis.map((q: Node) => q.value.raw))
  const parts = operands(l, expressions)
  return `${l.module.helper("call")}(${[fn, self, name, site, ...parts].join(", ")})`
}

export function classLiteral(l: Lowering, node: Node, hint: Hint): string {
  const parts = classParts(node)
  const head = headBinding(placeOf(l), node)
  if (head !== null) {
    l.b.line(`${emptyHead(placeOf(l), head)};`)
    l.b.def(head.local)
  }
  const values = parts.map((part, i) => {
    // what is loose does not stop: `isCompiled`
    const key = partText(placeOf(l), node, part, one => expression(l, one, true))
    return parts.slice(i + 1).some(suspends) ? keep(l, key) : key
  })
  return classText(placeOf(l), node, hint, values)
}
