/** Owns array, object, class and template literals in which something stops: parts in order, then one literal. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { classParts, suspends } from "../2-analyze/suspends.ts"
import { referenceOf } from "./chains.ts"
import { expression, keep, operand, operands } from "./expressions.ts"
import { classText, emptyHead, headBinding, partText } from "./functions.ts"
import type { Lowering } from "./lowering.ts"
import { keyName, shownKey } from "./named.ts"
import { assembled, functionPart, isPlain, keyText, needsHome, type Part, partKind } from "./objects.ts"
import { collected, joined, portionsOf } from "./portions.ts"
import { nameText } from "./printed.ts"
import { placeOf } from "./statements.ts"
import { type Hint, text } from "./text.ts"

type Element = Node | null

export function arrayLiteral(l: Lowering, { elements }: Node): string {
  const portions = portionsOf(elements)
  return portions.length === 1 ? arrayText(l, elements) : l.use(joined(l, portions, part => arrayText(l, part)))
}

function arrayText(l: Lowering, elements: readonly Element[]): string {
  return `[${operands(l, elements, true).join(", ")}${elements.at(-1) === null ? "," : ""}]`
}

export function objectLiteral(l: Lowering, node: Node): string {
  const home = needsHome(placeOf(l), node) ? keep(l, "{ v: void 0 }") : null
  const parts = collected<Part>(l, node.properties, {
    of: (p, later) => propertyPart(l, p, later, home),
    moved: (part, placeOf) => ({
      ...part,
      key: part.computed === true ? placeOf(part.key) : part.key,
      value: placeOf(part.value),
    }),
  })
  return assembled(placeOf(l), parts, home)
}

/** A part of an object literal; `later` says that something stops before the literal is made. */
function propertyPart(l: Lowering, p: Node, later: boolean, home: string | null): Part {
  const place = placeOf(l)
  if (p.type === "SpreadElement") {
    const value = expression(l, p.argument, true)
    return { kind: "spread", key: "", value: later ? keep(l, `{ ...${value} }`) : value }
  }
  const plainValue = isPlain(p)
  // the keys of a class without a name of its own may stop, too
  const valueStops = p.kind === "init" && !p.method && suspends(p.value)
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
  return part.kind === "entry" || p.computed
    ? { ...part, value: keep(l, `(${part.value})(${part.key})`), made: true }
    : { ...part, value: keep(l, part.value) }
}

export function template(l: Lowering, { expressions, quasis }: Node): string {
  const portions = portionsOf<Node>(expressions)
  let read = 0
  const textOf = (portion: readonly Node[]): string => {
    const texts = portion.map((e, i) => {
      const value = expression(l, e, true)
      return portion.slice(i + 1).some(suspends) ? keep(l, `\`\${${value}}\``) : value
    })
    return texts.map(value => `${quasis[read++].value.raw}\${${value}}`).join("")
  }
  const whole = portions.length === 1 ? null : l.temporary()
  const before = () => (whole === null ? "" : `\${${l.use(whole)}}`)
  for (const [i, portion] of portions.slice(0, -1).entries())
    l.scoped(() => {
      const text = textOf(portion)
      l.assign(whole as string, `\`${i === 0 ? "" : before()}${text}\``)
    })
  const text = textOf(portions.at(-1) as readonly Node[])
  return `\`${before()}${text}${quasis[read].value.raw}\``
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
  const values = collected<string>(l, parts, {
    of: (part, later) => {
      // what is loose does not stop: `isCompiled`
      const value = partText(placeOf(l), node, part, one => expression(l, one, true))
      return later ? keep(l, value) : value
    },
    moved: (value, placeOf) => placeOf(value),
  })
  return classText(placeOf(l), node, hint, values)
}
