/** Owns what stands around a call and shows in what V8 says of a callee that cannot be called. */
import { bare, type Node } from "./nodes.ts"

/** What is done with the call's value, or `applied`: a spread stands before another argument. */
export type Role = "iterated" | "delegated" | "applied"

const key = Symbol("role")
type Played = Node & { [key]?: Role }

/** The role of the call that a callee is of. */
export function roleOf(callee: Node): Role | undefined {
  return (callee as Played)[key]
}

/** The value of the node is iterated, or delegated to. */
export function noteUse(node: Node | null, role: "iterated" | "delegated"): void {
  if (node === null) return
  const whole = bare(node)
  const second = role === "iterated" ? secondOf(whole) : null
  const { type, callee, tag, optional } = second ?? whole
  const isCalled = type === "CallExpression" || (type === "NewExpression" && second === null)
  if (isCalled && !optional) note(bare(callee), role)
  else if (type === "TaggedTemplateExpression") note(bare(tag), role)
  if (second !== null && isCalled) (bare(callee) as Whole)[around] = whole
}

const around = Symbol("whole")
type Whole = Node & { [around]?: Node }

/** Of a callee, the iterated expression whose second part its call is. */
export function wholeOf(callee: Node): Node | undefined {
  return (callee as Whole)[around]
}

/** What gives the value of `(a, b)`, and of `a ?? b` unless `a` does. */
export function secondOf({ type, expressions, operator, left, right }: Node): Node | null {
  if (type === "SequenceExpression" && expressions.length === 2) return bare(expressions[1])
  return type === "LogicalExpression" && operator === "??" && left.type !== "Literal" ? bare(right) : null
}

/** A call or a `new`. */
export function noteArguments({ callee, arguments: list }: Node): void {
  const last = list.length - 1
  for (let i = 0; i <= last; i++) {
    if (list[i].type !== "SpreadElement") continue
    list[i][spread] = i < last ? "inner" : "last"
    if (i < last) note(bare(callee), "applied")
  }
}

/** An array literal. */
export function noteElements(elements: readonly (Node | null)[]): void {
  for (const e of elements)
    if (e?.type === "SpreadElement") {
      noteUse(e.argument, "iterated")
      ;(e as Spread)[spread] = "array"
    }
}

/** Where something is spread: among arguments, behind all of them, or in an array. Undefined: into an object. */
export function spreadOf(node: Node): "inner" | "last" | "array" | undefined {
  return (node as Spread)[spread]
}

const spread = Symbol("spread")
type Spread = Node & { [spread]?: "inner" | "last" | "array" }

function note(callee: Played, role: Role): void {
  if (callee[key] !== "applied") callee[key] = role
}

const trail = Symbol("trail")
type Trailed = Node & { [trail]?: string }

/** What V8 prints behind an operand of `yield*`, or the callee of one; "-": it tells the value instead. See lower/trails. */
export function trailOf(node: Node): string {
  return (node as Trailed)[trail] ?? ""
}

export function noteTrail(node: Node, text: string): void {
  ;(node as Trailed)[trail] = text
}
