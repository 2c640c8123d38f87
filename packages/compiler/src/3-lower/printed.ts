/** Owns how an expression is printed in the messages of V8: `o.a is not a function`, `f(...)`, `(intermediate value)`. */
import { bare, type Node } from "../2-analyze/nodes.ts"

const UNKNOWN = "(intermediate value)"

/** The name under which a message speaks of the value of an expression, as text of a string. */
export function nameText(node: Node): string {
  return JSON.stringify(printed(node))
}

/** What a message says of an operand that cannot be iterated, as text of a string. */
export function notIterableText(node: Node): string {
  const n = bare(node)
  return JSON.stringify(
    n.type === "CallExpression"
      ? `${printed(n.callee)} is not a function or its return value is not iterable`
      : `${printed(n)} is not iterable`,
  )
}

/** The same for what is spread into the arguments of a call, behind which nothing else is. */
export function notSpreadableText(node: Node): string {
  return JSON.stringify(`...${printed(node)}`)
}

/** An expression as V8 prints it. */
export function printed(node: Node): string {
  switch (node.type) {
    case "Identifier":
      return node.name
    case "ThisExpression":
      return "this"
    case "Literal":
      return typeof node.value === "string" ? JSON.stringify(node.value) : (node.raw as string)
    case "ParenthesizedExpression":
    case "ChainExpression":
      return printed(node.expression)
    case "MemberExpression":
      return printed(node.object) + accessed(node)
    case "CallExpression":
      return `${printed(node.callee)}${node.optional ? "?." : ""}(...)`
    case "NewExpression":
      return `new ${printed(node.callee)}(...)`
    case "UnaryExpression":
      return `(${node.operator}${/[a-z]$/.test(node.operator) ? " " : ""}${printed(node.argument)})`
    case "BinaryExpression":
    case "LogicalExpression":
      return `(${printed(node.left)} ${node.operator} ${printed(node.right)})`
    case "SequenceExpression":
      return `(${node.expressions.map(printed).join(" , ")})`
    case "ConditionalExpression":
      return UNKNOWN + UNKNOWN + UNKNOWN
    case "ArrayExpression":
      return `[${node.elements.map((e: Node | null) => (e === null ? "" : printed(e))).join(",")}]`
    case "ObjectExpression":
      return `{${UNKNOWN.repeat(node.properties.length)}}`
    default:
      return UNKNOWN
  }
}

function accessed({ computed, optional, property }: Node): string {
  const dot = optional ? "?." : "."
  if (!computed) return `${dot}${property.type === "PrivateIdentifier" ? "#" : ""}${property.name}`
  if (property.type === "Literal" && typeof property.value === "string") return `${dot}${property.value}`
  return `${optional ? "?." : ""}[${printed(property)}]`
}
