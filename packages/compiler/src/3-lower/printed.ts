/** Owns how an expression is printed in the messages of V8: `o.a is not a function`, `f(...)`, `(intermediate value)`. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { type Role, roleOf, trailOf } from "../2-analyze/roles.ts"

export const UNKNOWN = "(intermediate value)"

/**
 * The name under which a message speaks of the value of an expression, as text of a string. One that begins with "=" is the
 * message; "!" is the name of what V8 applies, which it calls by its value, and "*" of what `yield*` delegates to, with what is behind that.
 */
export function nameText(node: Node): string {
  return JSON.stringify(called(node, roleOf(node)))
}

function called(node: Node, role: Role | undefined): string {
  switch (role) {
    case "iterated":
      return `=${printed(node)} is not a function or its return value is not iterable`
    case "delegated":
      return `*${trailOf(node)}`
    case "applied":
      return "!"
    case undefined:
      return printed(node)
  }
}

/** The same for what is no constructor. */
export function classNameText(callee: Node): string {
  return nameText(roleOf(bare(callee)) === "delegated" ? bare(callee) : callee)
}

/** What a message about the operand of `yield*` calls it, as text: `true` for an intermediate value, nothing where it is told by its value. */
export function delegatedText(node: Node): string {
  const n = bare(node)
  if (n.type === "ChainExpression") {
    const call = n.expression
    if (call.type !== "CallExpression") return ""
    return `, ${JSON.stringify(`${printed(call.callee)} is not iterable (cannot read property Symbol(Symbol.iterator))`)}`
  }
  // constants are folded
  const isFolded = (n.argument ?? n.right)?.type === "Literal"
  const isUnnamed = UNNAMED.has(n.type) || (UNNAMED.has(n.operator) && !isFolded)
  return isUnnamed || (n.type === "YieldExpression" && !n.delegate) ? `, ${intermediateText(n)}` : ""
}

/** The message about an intermediate value that is delegated to, as text. */
export function intermediateText(node: Node): string {
  const trail = trailOf(node)
  if (trail === "-") return "void 0"
  return trail === "" ? "true" : JSON.stringify(`*${trail}`)
}

const UNNAMED: ReadonlySet<string> = new Set([
  "CallExpression",
  "MemberExpression",
  "NewExpression",
  "SequenceExpression",
  "AssignmentExpression",
  "UpdateExpression",
  "BinaryExpression",
  "TaggedTemplateExpression",
  "??",
  "-",
  "+",
  "~",
])

/** What a message says of an operand that cannot be iterated, as text of a string. */
export function notIterableText(node: Node): string {
  const n = bare(node)
  const called = n.type === "TaggedTemplateExpression" ? n.tag : isCall(n) ? n.callee : null
  return JSON.stringify(
    called === null
      ? `${printed(n, true)} is not iterable`
      : `${printed(called)} is not a function or its return value is not iterable`,
  )
}

/** The same for what is spread into the arguments of a call, behind which nothing else is. */
export function notSpreadableText(node: Node): string {
  return JSON.stringify(`...${printed(node)}`)
}

/** The same for what other arguments follow. */
export function notInnerSpreadText(node: Node): string {
  const n = bare(node)
  const called = n.type === "TaggedTemplateExpression" ? n.tag : n.type === "CallExpression" ? n.callee : null
  return called === null
    ? "void 0"
    : JSON.stringify(`${printed(called)} is not iterable (cannot read property Symbol(Symbol.iterator))`)
}

/** The same for what a loop iterates. */
export function notLoopedText(node: Node): string {
  const { type, operator } = bare(node)
  const unnamed =
    type === "ChainExpression" ||
    type === "ConditionalExpression" ||
    (type === "LogicalExpression" && operator !== "??")
  return unnamed ? "void 0" : notIterableText(node)
}

/** What V8 looks for by its place, it finds where an expression begins with what it does. */
const FOUND: ReadonlySet<string> = new Set([
  "Identifier",
  "ThisExpression",
  "Literal",
  "UnaryExpression",
  "NewExpression",
  "ConditionalExpression",
  "ArrayExpression",
  "ObjectExpression",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
  "MetaProperty",
  "YieldExpression",
])

/** Whether V8 names the initializer of an array pattern in a message. */
export function isNamed(init: Node): boolean {
  if (init.type !== "CallExpression") return FOUND.has(init.type)
  let n = init
  while (n.type === "CallExpression") n = n.callee
  return n.type === "Identifier"
}

function isCall({ type }: Node): boolean {
  return type === "CallExpression" || type === "NewExpression"
}

/** An expression as V8 prints it; `iterated`: as what cannot be iterated. */
export function printed(node: Node, iterated = false): string {
  switch (node.type) {
    case "Identifier":
      return node.name
    case "ThisExpression":
      return "this"
    case "Literal":
      if (typeof node.bigint === "string") return UNKNOWN
      return typeof node.value === "string" ? `"${node.value}"` : (node.raw as string)
    case "ParenthesizedExpression":
      return printed(node.expression, iterated)
    case "MemberExpression":
      return printed(node.object, iterated) + accessed(node)
    case "CallExpression":
      return `${printed(node.callee)}${node.optional ? "?." : ""}(...)`
    case "NewExpression":
      return iterated ? printed(node.callee) : UNKNOWN
    case "TaggedTemplateExpression":
      return `${printed(node.tag)}(...)`
    case "TemplateLiteral":
      return node.quasis.length === 1 ? `"${node.quasis[0].value.cooked}"` : UNKNOWN
    case "MetaProperty":
      return node.meta.name === "new" ? ".new.target" : UNKNOWN
    case "AssignmentExpression":
      return printed(node.left)
    case "UpdateExpression":
      return node.prefix ? `(${node.operator}${printed(node.argument)})` : `(${printed(node.argument)}${node.operator})`
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
      return `[${node.elements.map((e: Node | null) => (e === null ? UNKNOWN : printed(e))).join(",")}]`
    case "ObjectExpression":
      return `{${UNKNOWN.repeat(node.properties.length)}}`
    default:
      return UNKNOWN
  }
}

export function accessed({ computed, optional, property }: Node): string {
  const dot = optional ? "?." : "."
  if (property.type === "PrivateIdentifier") return `${optional ? "?." : ""}[#${property.name}]`
  if (!computed) return `${dot}${property.name}`
  if (property.type === "Literal" && typeof property.value === "string") return `${dot}${property.value}`
  return `${optional ? "?." : ""}[${printed(property)}]`
}
