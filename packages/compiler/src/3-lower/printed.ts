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
    return `, ${calledText(call.callee)}`
  }
  if (folded(n) !== null) return ""
  if (n.type === "ObjectExpression") return isCall(lastOf(n)) ? `, ${calledText(lastOf(n).callee)}` : ""
  if (n.type === "SequenceExpression" && madeText(n, n) === "void 0") return ""
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
      : `${printed(called, true)} is not a function or its return value is not iterable`,
  )
}

/** The same for what is spread into the arguments of a call, behind which nothing else is. */
export function notSpreadableText(node: Node): string {
  return JSON.stringify(`...${printed(node)}`)
}

/** The same for what other arguments follow. */
export function notInnerSpreadText(node: Node): string {
  const n = bare(node)
  if (n.type === "TaggedTemplateExpression") return calledText(n.tag)
  return isCall(n) ? calledText(n.callee) : "void 0"
}

/** The same for what a loop iterates. */
export function notLoopedText(node: Node): string {
  const n = bare(node)
  switch (n.type) {
    case "ChainExpression":
      return n.expression.type === "CallExpression" ? calledText(n.expression.callee) : "void 0"
    case "ConditionalExpression":
      return "void 0"
    case "LogicalExpression":
      return n.operator === "??" || isChosenEarly(n) ? notIterableText(node) : "void 0"
    case "ObjectExpression":
    case "SequenceExpression":
      return madeText(n, node)
    default:
      return notIterableText(node)
  }
}

/** Whether a constant is among the operands of `||` or `&&`, and nothing else that is evaluated. */
function isChosenEarly({ left, right }: Node): boolean {
  return left.type === "Literal" || (left.type === "Identifier" && right.type === "Literal")
}

/** Of a literal whose parts are evaluated, V8 finds the last one: a call is told of, anything else by the value. */
function madeText(made: Node, node: Node): string {
  const n = bare(made.type === "SequenceExpression" ? made.expressions.at(-1) : made)
  if (n.type !== "ObjectExpression" || n.properties.every(isMadeAlone)) return notIterableText(node)
  if (n.properties.length === 1 && n.properties[0].type === "SpreadElement") return notIterableText(node)
  return lastOf(n).type === "CallExpression" ? calledText(lastOf(n).callee) : "void 0"
}

/** What an object literal evaluates last, or the literal. */
function lastOf(object: Node): Node {
  const last = object.properties.at(-1)
  if (last === undefined) return object
  return bare(last.type === "SpreadElement" ? last.argument : last.value)
}

/** A property that needs no code of its own: it stands in the literal that is copied. */
function isMadeAlone({ type, kind, computed, value }: Node): boolean {
  if (type !== "Property" || computed) return false
  if (kind !== "init") return true
  const n = bare(value)
  return n.type === "Literal" || (n.type === "ObjectExpression" && n.properties.every(isMadeAlone))
}

/** What a call gave cannot be iterated. */
function calledText(callee: Node): string {
  return JSON.stringify(`${printed(callee)} is not iterable (cannot read property Symbol(Symbol.iterator))`)
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
  // `+1` is a number as soon as it is read
  if (init.type === "UnaryExpression" && init.operator === "+" && folded(init) !== null) return false
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
      if (typeof node.value === "number") return String(node.value)
      return typeof node.value === "string" ? `"${node.value}"` : (node.raw as string)
    case "ParenthesizedExpression":
      return printed(node.expression, iterated)
    case "MemberExpression":
      return printed(node.object, iterated) + accessed(node)
    case "CallExpression":
      return `${printed(node.callee, iterated)}${node.optional ? "?." : ""}${iterated ? "" : "(...)"}`
    case "NewExpression":
      return iterated ? printed(node.callee) : UNKNOWN
    case "TaggedTemplateExpression":
      return `${printed(node.tag)}(...)`
    case "TemplateLiteral":
      if (node.expressions.length > 0) return node.expressions.map((e: Node) => printed(e)).join("")
      return node.quasis.length === 1 ? `"${node.quasis[0].value.cooked}"` : UNKNOWN
    case "MetaProperty":
      return node.meta.name === "new" ? ".new.target" : UNKNOWN
    case "AssignmentExpression":
      return printed(node.left)
    case "UpdateExpression":
      return node.prefix ? `(${node.operator}${printed(node.argument)})` : `(${printed(node.argument)}${node.operator})`
    case "UnaryExpression":
      if (folded(node) !== null) return String(folded(node))
      return `(${node.operator}${/[a-z]$/.test(node.operator) ? " " : ""}${printed(node.argument)})`
    case "BinaryExpression":
    case "LogicalExpression":
      if (folded(node) !== null) return String(folded(node))
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

/** What V8 computes while it reads the source: operators between numbers, and `!` of a number. */
function folded(node: Node): number | boolean | null {
  const n = bare(node)
  if (n.type === "Literal") return typeof n.value === "number" ? n.value : null
  if (n.type === "UnaryExpression") {
    const value = folded(n.argument)
    if (typeof value !== "number") return null
    return { "-": -value, "+": value, "~": ~value, "!": !value }[n.operator as string] ?? null
  }
  if (n.type !== "BinaryExpression") return null
  const [a, b] = [folded(n.left), folded(n.right)]
  if (typeof a !== "number" || typeof b !== "number") return null
  const results: Record<string, number> = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "**": a ** b,
    "|": a | b,
    "&": a & b,
    "^": a ^ b,
    "<<": a << b,
    ">>": a >> b,
    ">>>": a >>> b,
  }
  return results[n.operator as string] ?? null
}

export function accessed({ computed, optional, property }: Node): string {
  const dot = optional ? "?." : "."
  if (property.type === "PrivateIdentifier") return `${optional ? "?." : ""}[#${property.name}]`
  if (!computed) return `${dot}${property.name}`
  if (property.type === "Literal" && typeof property.value === "string") return `${dot}${property.value}`
  return `${optional ? "?." : ""}[${printed(property)}]`
}
