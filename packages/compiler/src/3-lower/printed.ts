/** Owns how an expression is printed in the messages of V8: `o.a is not a function`, `f(...)`, `(intermediate value)`. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { type Role, roleOf, secondOf, trailOf, wholeOf } from "../2-analyze/roles.ts"

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
      return `=${printed(wholeOf(node) ?? node, true)} is not a function or its return value is not iterable`
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
  if (roleOf(bare(callee)) === "iterated") return JSON.stringify(printed(callee, true))
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
  const last = lastCallText(n)
  if (last !== null) return `, ${last}`
  if (isLongSequence(n)) return ""
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
  const iterated = secondCallOf(n) === null ? called : n
  return JSON.stringify(
    iterated === null
      ? `${printed(n, true)} is not iterable`
      : `${printed(iterated, true)} is not a function or its return value is not iterable`,
  )
}

/** `(a, f())` and `a ?? f()` are told by both; of more expressions there is no whole. */
function secondCallOf(node: Node): Node | null {
  const second = secondOf(node)
  return second !== null && (isCall(second) || second.type === "TaggedTemplateExpression") ? second : null
}

function isLongSequence({ type, expressions }: Node): boolean {
  return type === "SequenceExpression" && expressions.length > 2
}

/** The message for what does nothing with a place of its own behind a call: V8 finds the call. */
function lastCallText(n: Node): string | null {
  const isQuiet = n.type === "UnaryExpression" && (n.operator === "!" || n.operator === "void")
  if (n.operator === "??" && secondCallOf(n) !== null) return null
  const last =
    n.type === "LogicalExpression" ? lastOperand(n) : isQuiet ? n.argument : isLongSequence(n) && n.expressions.at(-1)
  return last && bare(last).type === "CallExpression" ? calledText(bare(last).callee) : null
}

/** The operand that is evaluated last, as far as V8 finds it. */
function lastOperand(n: Node): Node {
  return bare(n.right).type === "CallExpression" && !isChosenEarly(n) ? n.right : n.left
}

/** The same for what is spread into the arguments of a call, behind which nothing else is. */
export function notSpreadableText(node: Node): string {
  return JSON.stringify(`...${printed(node)}`)
}

/** The same for what other arguments follow. */
export function notInnerSpreadText(node: Node): string {
  const n = bare(node)
  if (n.type === "TaggedTemplateExpression") return calledText(n.tag)
  const second = secondCallOf(n)
  if (second !== null) return notInnerSpreadText(second)
  return isCall(n) ? calledText(n.callee) : "void 0"
}

/** The same for what a loop iterates. */
export function notLoopedText(node: Node): string {
  const n = bare(node)
  const last = lastCallText(n)
  if (last !== null) return last
  if (isLongSequence(n)) return "void 0"
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
    case "ClassExpression":
      return n.body.body.some((m: Node) => m.computed) ? "void 0" : notIterableText(node)
    default:
      return notIterableText(node)
  }
}

/** The same for the default of what is taken apart: V8 tells by its value what is made without a place of its own. */
export function notDefaultText(node: Node): string {
  const n = bare(node)
  const last = n.type === "ArrayExpression" ? n.elements.at(-1) : null
  if (last?.type === "CallExpression") return calledText(last.callee)
  if (last?.type === "SpreadElement") return notIterableText(last.argument)
  return lastCallText(n) ?? (isPlaceless(n) ? "void 0" : notLoopedText(node))
}

function isPlaceless(n: Node): boolean {
  if (n.type === "TemplateLiteral")
    return n.quasis.length === 1 || n.expressions.some((e: Node) => e.type !== "Literal")
  if (n.type === "UnaryExpression" || n.type === "BinaryExpression")
    return folded(n) !== null || ["!", "typeof", "void", "delete"].includes(n.operator)
  if (n.type === "LogicalExpression") return n.operator !== "??"
  return PLACELESS.has(n.type)
}

const PLACELESS: ReadonlySet<string> = new Set([
  "ThisExpression",
  "Literal",
  "ConditionalExpression",
  "ArrayExpression",
  "ObjectExpression",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
])

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

/**
 * What a message says of the initializer of an array pattern, as text of a string; null if it is told by its value. V8 looks
 * for what stands where the initializer begins.
 */
export function initializerText(init: Node): string | null {
  // `+1` is a number as soon as it is read
  if (init.type === "UnaryExpression" && init.operator === "+" && folded(init) !== null) return null
  if (FOUND.has(init.type) || isCallByName(init)) return notIterableText(init)
  let n = init
  for (let first = firstOf(n); first !== null; first = firstOf(n)) {
    n = first
    if (n.type === "NewExpression" || isCallByName(n)) return calledText(n.callee)
  }
  return null
}

const isCallByName = ({ type, callee, optional }: Node) =>
  type === "CallExpression" && callee.type === "Identifier" && !optional

/** The operand with which the text of an expression begins. */
function firstOf({ type, callee, object, left, tag, argument, prefix, expression }: Node): Node | null {
  switch (type) {
    case "CallExpression":
      return callee
    case "MemberExpression":
      return object
    case "BinaryExpression":
    case "LogicalExpression":
      return left
    case "TaggedTemplateExpression":
      return tag
    case "UpdateExpression":
      return prefix ? null : argument
    case "ChainExpression":
      return expression
    default:
      return null
  }
}

function isCall({ type }: Node): boolean {
  return type === "CallExpression" || type === "NewExpression"
}

/** An expression as V8 prints it; `iterated`: as what cannot be iterated. */
export function printed(node: Node, iterated = false): string {
  const print = (inner: Node | null): string => (inner === null ? UNKNOWN : printed(inner, iterated))
  const all = (list: readonly (Node | null)[]): string[] => list.map(print)
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
      return printed(node.object, iterated) + accessed(node, iterated)
    case "CallExpression":
      return `${printed(node.callee, iterated)}${iterated ? "" : "(...)"}`
    case "NewExpression":
      return iterated ? printed(node.callee) : UNKNOWN
    case "TaggedTemplateExpression":
      return `${print(node.tag)}${iterated ? "" : "(...)"}`
    case "TemplateLiteral":
      if (node.expressions.length > 0) return all(node.expressions).join("")
      return node.quasis.length === 1 ? `"${node.quasis[0].value.cooked}"` : UNKNOWN
    case "MetaProperty":
      return node.meta.name === "new" ? ".new.target" : UNKNOWN
    case "AssignmentExpression":
      return print(node.left)
    case "UpdateExpression":
      return node.prefix ? `(${node.operator}${print(node.argument)})` : `(${print(node.argument)}${node.operator})`
    case "UnaryExpression":
      if (folded(node) !== null) return String(folded(node))
      return `(${node.operator}${/[a-z]$/.test(node.operator) ? " " : ""}${print(node.argument)})`
    case "BinaryExpression":
    case "LogicalExpression":
      if (folded(node) !== null) return String(folded(node))
      return `(${print(node.left)} ${node.operator} ${print(node.right)})`
    case "SequenceExpression":
      return `(${all(node.expressions).join(" , ")})`
    case "ConditionalExpression":
      return UNKNOWN + UNKNOWN + UNKNOWN
    case "SpreadElement":
      return `(...${print(node.argument)})`
    case "ArrayExpression":
      return `[${all(node.elements).join(",")}]`
    case "ObjectExpression":
      return `{${UNKNOWN.repeat(node.properties.length)}}`
    case "ClassExpression":
      return UNKNOWN.repeat(Math.max(1, partsOf(node)))
    default:
      return UNKNOWN
  }
}

/** Of a class, V8 prints what it extends and its methods, and all else that has a computed key. */
function partsOf({ superClass, body }: Node): number {
  const isShown = ({ type, kind, key, computed }: Node) =>
    computed || (type === "MethodDefinition" && kind !== "constructor" && key.type !== "PrivateIdentifier")
  return body.body.filter(isShown).length + (superClass === null ? 0 : 1)
}

/** What V8 computes while it reads the source: operators between numbers, and `!` of what it knows. */
function folded(node: Node): number | boolean | null {
  const n = bare(node)
  if (n.type === "Literal") return typeof n.value === "number" ? n.value : null
  if (n.type === "UnaryExpression") {
    const value = folded(n.argument)
    if (n.operator === "!" && (typeof value === "boolean" || isPlainLiteral(bare(n.argument))))
      return !(value ?? bare(n.argument).value)
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
    "%": a % b,
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

function isPlainLiteral({ type, value }: Node): boolean {
  return type === "Literal" && (value === null || typeof value !== "object") && typeof value !== "bigint"
}

export function accessed({ computed, optional, property }: Node, iterated = false): string {
  const dot = optional ? "?." : "."
  if (property.type === "PrivateIdentifier") return `${optional ? "?." : ""}[#${property.name}]`
  if (!computed) return `${dot}${property.name}`
  if (property.type === "Literal" && typeof property.value === "string") return `${dot}${property.value}`
  if (property.type === "TemplateLiteral" && property.expressions.length === 0)
    return `${dot}${property.quasis[0].value.cooked}`
  return `${optional ? "?." : ""}[${printed(property, iterated)}]`
}
