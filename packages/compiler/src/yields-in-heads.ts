/**
 * Owns `for (var a = yield in o)`, which sloppy code may have: the parser takes the `in` for the operator, and stops. The `yield` is
 * put in parentheses, for it.
 */
import type { Program } from "oxc-parser"
import { type Node, openChildren } from "./2-analyze/nodes.ts"
import { type Accepted, originOf, SPACE } from "./call-targets.ts"
import type { Parsed } from "./parser.ts"

const BARE = new RegExp(`(?<![\\w$.#\\\\])yield(?=${SPACE}$)`)

/** Parses; where nothing but such heads is wrong, with parentheses. */
export function acceptingYields(js: string, parse: (js: string) => Parsed): Accepted {
  const given = parse(js)
  const insertions: { readonly at: number; readonly length: number }[] = []
  const starts: number[] = []
  let text = js
  let result = given
  for (let at = bareYield(text, result.errors); at !== null; at = bareYield(text, result.errors)) {
    const end = at + "yield".length
    text = `${text.slice(0, at)}(yield)${text.slice(end)}`
    insertions.push({ at: end, length: 1 }, { at, length: 1 })
    starts.push(at)
    result = parse(text)
  }
  const isRight = starts.length > 0 && starts.every(start => isInHead(result.program, start))
  return isRight
    ? { js: text, result, origin: offset => originOf(insertions, offset) }
    : { js, result: given, origin: offset => offset }
}

/** Where a `yield` begins that stands in front of the `in` that the parser stopped at. */
function bareYield(js: string, [error]: Parsed["errors"]): number | null {
  const at = error?.labels[0]?.start
  if (at === undefined || !/^in\b/.test(js.slice(at, at + 3))) return null
  return BARE.exec(js.slice(0, at))?.index ?? null
}

/** Whether the parentheses that begin there end what the variable of a `for-in` begins with, and stand where a `yield` may. */
function isInHead(program: Program, start: number): boolean {
  const open = [program as Node]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "ForInStatement" && node.left.type === "VariableDeclaration") {
      const { init } = node.left.declarations[0]
      if (init !== null && isLast(init, start)) return true
    }
    openChildren(node, open)
  }
  return false
}

function isLast(init: Node, start: number): boolean {
  for (let node: Node | null = init; node !== null; ) {
    if (node.type === "ParenthesizedExpression") return node.start === start
    if (node.type === "AssignmentExpression") node = node.right
    else if (node.type === "ConditionalExpression") node = node.alternate
    else if (node.type === "YieldExpression") node = node.argument
    else return false
  }
  return false
}
