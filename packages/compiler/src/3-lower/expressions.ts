/**
 * Owns the lowering of expressions in which something stops.
 *
 * `expression` emits what has to run first and returns text that gives the value; the text is to be used at once, and
 * once. An operand is put into a temporary if and only if a later operand stops and it is not constant.
 */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { roleOf } from "../2-analyze/roles.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { assignment, update } from "./assignments.ts"
import type { Label } from "./builder.ts"
import { delegation } from "./calls.ts"
import { chain, isChainPart, memberCall, memberRead } from "./chains.ts"
import { jump, leap } from "./leaps.ts"
import { arrayLiteral, classLiteral, objectLiteral, tagged, template } from "./literals.ts"
import type { Lowering } from "./lowering.ts"
import { isRenamed } from "./makings.ts"
import { wordsOf } from "./points.ts"
import { isCut, joined, portionsOf } from "./portions.ts"
import { classNameText, notInnerSpreadText, notIterableText, notSpreadableText } from "./printed.ts"
import { placeOf } from "./statements.ts"
import { type Hint, text } from "./text.ts"
import { place } from "./tries.ts"

/** Emits what comes first; the result is text of the value ("" if `wanted` is false and nothing is left to do). */
export function expression(l: Lowering, node: Node | null, wanted: boolean, hint: Hint = null): string {
  if (node === null) return "void 0"
  if (!suspends(node)) {
    const plain = text(placeOf(l), node, hint)
    return node.type === "SequenceExpression" ? `(${plain})` : plain
  }
  switch (node.type) {
    case "ParenthesizedExpression":
      return `(${expression(l, node.expression, true, hint)})`
    case "YieldExpression":
      return node.delegate ? delegation(l, node, wanted) : yielding(l, node, wanted)
    case "AssignmentExpression":
      return assignment(l, node)
    case "UpdateExpression":
      return update(l, node, wanted)
    case "BinaryExpression": {
      if (node.left.type === "PrivateIdentifier") return `(#${node.left.name} in ${expression(l, node.right, true)})`
      const [a, b] = operands(l, [node.left, node.right])
      return `(${a} ${node.operator} ${b})`
    }
    case "LogicalExpression":
    case "ConditionalExpression":
      return branching(l, node, hint)
    case "UnaryExpression":
      return unary(l, node)
    case "SequenceExpression":
      return sequence(l, node)
    case "CallExpression":
    case "MemberExpression":
      return isChainPart(node)
        ? chain(l, node)
        : node.type === "CallExpression"
          ? memberCall(l, node)
          : memberRead(l, node)
    case "ChainExpression":
      return chain(l, node.expression)
    case "NewExpression": {
      const callee = operand(l, node.callee, node.arguments.some(suspends))
      const args = operands(l, node.arguments)
      return `new (${constructible(l, callee as string, node)})(${args.join(", ")})`
    }
    case "ArrayExpression":
      return arrayLiteral(l, node)
    case "ObjectExpression":
      return objectLiteral(l, node)
    case "TemplateLiteral":
      return template(l, node)
    case "TaggedTemplateExpression":
      return tagged(l, node)
    case "ClassExpression":
      return classLiteral(l, node, hint)
    case "ImportExpression": {
      const [source, options] = operands(l, node.options ? [node.source, node.options] : [node.source])
      return options === undefined ? `import(${source})` : `import(${source}, ${options})`
    }
    case "SpreadElement":
      return `...${expression(l, node.argument, true)}`
    default:
      l.module.problem(
        node,
        `${node.type} with a suspension inside is not covered`,
        "put the operand that yields into a variable first",
      )
      return "void 0"
  }
}

/** What is no constructor is called by the name of its source in the message. */
function constructible(l: Lowering, value: string, { callee: source, arguments: args }: Node): string {
  const isShown = suspends(source) || isCut(args)
  return isShown || l.temporaries.includes(value) || isRenamed(placeOf(l), source) || isDelegated(source)
    ? `${l.module.helper("constructible")}(${value}, ${classNameText(source)})`
    : value
}

const isDelegated = (source: Node): boolean => roleOf(bare(source)) === "delegated"

/** Where something is spread, which a message depends on: among arguments, behind all of them, or in an array. */
type Spread = "inner" | "last" | "array"

/** Texts of operands that are evaluated in order; those before the last stop are kept in temporaries, many of them in one list. */
export function operands(l: Lowering, nodes: readonly (Node | null)[], array = false): string[] {
  const portions = array ? [nodes] : portionsOf(nodes)
  const last = portions.at(-1) as readonly (Node | null)[]
  if (portions.length === 1) return portionTexts(l, last, array ? "array" : "last")
  const list = joined(l, portions.slice(0, -1), portion => `[${portionTexts(l, portion, "inner").join(", ")}]`)
  const texts = portionTexts(l, last, "last")
  return [`...${l.module.helper("listed")}(${l.use(list)})`, ...texts]
}

function portionTexts(l: Lowering, nodes: readonly (Node | null)[], end: Spread): string[] {
  const last = nodes.length - 1
  const spread = (i: number) => (end === "array" || i === last ? end : "inner")
  return nodes.map((node, i) => operand(l, node, nodes.slice(i + 1).some(suspends), spread(i)))
}

/** Text of one operand; `later` says that something stops before the text is used. */
export function operand(l: Lowering, node: Node | null, later: boolean, spread: Spread = "inner"): string {
  if (node === null) return ""
  if (node.type === "SpreadElement") {
    if (suspends(node)) return `...${gathered(l, node, spread)}`
    const inner = operand(l, node.argument, false)
    return later ? `...${l.module.helper("listed")}(${keep(l, `[...${inner}]`)})` : `...${inner}`
  }
  const value = expression(l, node, true)
  return later && !isConstant(l, node) ? keep(l, value) : guarded(node, value)
}

/** The values of a spread, taken by an iteration that may stop. */
function gathered(l: Lowering, node: Node, spread: Spread): string {
  const { b } = l
  const text = { last: notSpreadableText, inner: notInnerSpreadText, array: notIterableText }[spread]
  const list = gathering(l, `${expression(l, node.argument, true)}, -1, void 0, ${text(node.argument)}`)
  const label = b.label()
  label.offset = node.start
  place(l, label, wordsOf(node))
  b.line(`if (${list}.run(${l.r("m")}) === ${l.module.helper("SUSPENDED")}) ${b.saveText(label)}`)
  return `${list}.items()`
}

/** Begins to take values; the iteration is kept until they are there, and used. */
export function gathering(l: Lowering, args: string): string {
  const list = l.slot("gather")
  l.assign(list, `${l.module.helper("gather")}(${args})`)
  return l.use(list)
}

/** Assignments and the like stand in parentheses wherever they become operands. */
function guarded(node: Node, value: string): string {
  return node.type === "Identifier" || node.type === "Literal" || /^[\w$.]+$/.test(value) ? value : `(${value})`
}

export function keep(l: Lowering, value: string): string {
  const name = l.temporary()
  l.assign(name, value)
  return l.use(name)
}

/** Whether its value cannot change between now and a later stop. */
export function isConstant(l: Lowering, node: Node): boolean {
  if (node.type === "Literal") return node.regex === undefined
  if (node.type === "ThisExpression") return true
  if (node.type !== "Identifier") return false
  const binding = l.analysis.refOf.get(node)?.binding
  return binding != null && binding.mode === "slot" && !binding.assigned && !binding.checked && binding.kind !== "var"
}

/** A resume point that user code can be resumed at in all three ways. */
export function resumePoint(l: Lowering, node: Node): Label {
  const label = l.b.label()
  label.offset = node.start
  label.throws = true
  return label
}

/** Places the resume point; a return that is delivered there leaps. */
export function placeResume(l: Lowering, label: Label, node: Node): void {
  place(l, label, wordsOf(node))
  label.returns = leap(l, { to: "return" }, l.r("v"))
}

function yielding(l: Lowering, node: Node, wanted: boolean): string {
  const { b } = l
  const value = expression(l, node.argument, true)
  const label = resumePoint(l, node)
  b.line(`${l.r("m")}.out = ${value};`)
  b.line(b.yieldText(label))
  b.ends()
  placeResume(l, label, node)
  return wanted ? l.r("v") : ""
}

/** Jumps to `target` if the test is not `sense`-true… i.e. when its truth equals `when`. */
export function lowerTest(l: Lowering, node: Node, target: Label, when: boolean): void {
  const { b } = l
  const test = expression(l, node, true)
  b.line(`if (${when ? test : `!(${test})`}) { ${jump(l, target)}; }`)
}

function branching(l: Lowering, node: Node, hint: Hint): string {
  const { b } = l
  const result = l.temporary()
  const end = b.label()
  if (node.type === "ConditionalExpression") {
    const otherwise = b.label()
    l.scoped(() => lowerTest(l, node.test, otherwise, false))
    l.scoped(() => l.assign(result, expression(l, node.consequent, true, hint)))
    b.line(`${jump(l, end)};`)
    b.ends()
    b.place(otherwise)
    l.scoped(() => l.assign(result, expression(l, node.alternate, true, hint)))
  } else {
    l.scoped(() => l.assign(result, expression(l, node.left, true)))
    const r = l.use(result)
    const stop = node.operator === "||" ? r : node.operator === "&&" ? `!${r}` : `${r} !== null && ${r} !== void 0`
    b.line(`if (${stop}) { ${jump(l, end)}; }`)
    l.scoped(() => l.assign(result, expression(l, node.right, true, hint)))
  }
  b.place(end)
  return l.use(result)
}

function unary(l: Lowering, node: Node): string {
  if (node.operator !== "delete") return `${node.operator} (${expression(l, node.argument, true)})`
  const target = bare(node.argument)
  if (target.type === "MemberExpression" && target.object.type === "Super")
    return `${l.module.helper("deleteSuper")}(${target.computed ? expression(l, target.property, true) : ""})`
  return chain(l, target.type === "ChainExpression" ? target.expression : node.argument, "delete")
}

function sequence(l: Lowering, node: Node): string {
  const last = node.expressions.length - 1
  for (let i = 0; i < last; i++)
    l.scoped(() => {
      const value = expression(l, node.expressions[i], false)
      if (value !== "") l.b.line(`${value};`)
    })
  return expression(l, node.expressions[last], true)
}
