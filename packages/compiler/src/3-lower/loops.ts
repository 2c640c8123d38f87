/**
 * Owns the lowering of loops. A loop in which only loops can stop stays native with them (`nests.ts`); other loops become
 * states.
 */

import { calls } from "../2-analyze/calls.ts"
import { flatHead } from "../2-analyze/flat.ts"
import { isIteration, isNest } from "../2-analyze/nests.ts"
import { boundNames, type Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Label } from "./builder.ts"
import { disposing } from "./disposal.ts"
import { expression, lowerTest } from "./expressions.ts"
import { enterScope } from "./functions.ts"
import { finalizerOf, jump, resumeLeaps, THREW } from "./leaps.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import { beginIteration } from "./nested-iterations.ts"
import { lowerNest } from "./nests.ts"
import { bindFlat, bindPattern, countOf } from "./patterns.ts"
import { wordsOf } from "./points.ts"
import { notLoopedText } from "./printed.ts"
import { declaration, placeOf, statement } from "./statements.ts"
import { text } from "./text.ts"
import { enterRegion, leaveRegion, place } from "./tries.ts"

export function lowerLoop(l: Lowering, node: Node, labels: readonly string[]): void {
  if (node.init?.type === "VariableDeclaration" && node.init.kind === "using")
    disposing(l, () => loopOf(l, node, labels))
  else loopOf(l, node, labels)
}

function loopOf(l: Lowering, node: Node, labels: readonly string[]): void {
  if (isIteration(node)) {
    if (isNest(l.analysis, node)) lowerNest(l, node, labels, beginIteration(l, node, null))
    else if (node.type === "ForOfStatement") forOf(l, node, labels)
    else iterate(l, node, labels, beginCursor(l, node), null)
    return
  }
  beginLoop(l, node)
  if (isNest(l.analysis, node)) lowerNest(l, node, labels, null)
  else stateLoop(l, node, labels)
}

/** What a loop does once, before its first round. */
export function beginLoop(l: Lowering, node: Node): void {
  const scope = l.analysis.scopeOf.get(node)
  if (scope !== undefined) enterScope(l, scope)
  if (node.init)
    l.scoped(() => (node.init.type === "VariableDeclaration" ? declaration(l, node.init) : initial(l, node.init)))
  // what closures of the head captured is not the first iteration's
  const copied = copies(l, node).trimEnd()
  if (copied !== "") l.b.line(copied)
}

function initial(l: Lowering, node: Node): void {
  const value = expression(l, node, false)
  if (value !== "") l.b.line(`${value};`)
}

/** Text that gives the next iteration cells of its own for the loop's variables. */
function copies(l: Lowering, node: Node): string {
  const bindings = l.analysis.scopeOf.get(node)?.bindings.values() ?? []
  return [...bindings]
    .filter(x => x.mode === "cell" && x.kind === "let")
    .map(x => `${x.local} = { v: ${l.use(x.local)}.v }; `)
    .join("")
}

/** What a round of a native loop ends with: the next one has variables of its own. */
export function lastText(l: Lowering, node: Node): string {
  return `${copies(l, node)}${node.update ? `${text(placeOf(l), node.update)};` : ""}`.trimEnd()
}

/** What the count is to be below for a look around. In the clock's word is 0 or, when the slice is over, more than any count. */
export function limitText(l: Lowering, isCalling: boolean): string {
  if (!isCalling) return "0"
  l.due = true
  return `${l.r("due")}[0]`
}

/** Before a generator runs as part of a loop: its checks count, and it need not call anything to have the fiber stop. */
export function hurryText(l: Lowering, body: Node): string {
  return calls(body) ? `if (${limitText(l, true)} !== 0) ${l.r("m")}.budget = 0; ` : ""
}

/** The check at a back-edge. */
function checkText(l: Lowering, node: Node, header: Label): string {
  return `if (--${l.r("m")}.budget < ${limitText(l, calls(node))} && ${l.module.helper("poll")}(${l.r("m")})) ${l.b.saveText(header)}`
}

function stateLoop(l: Lowering, node: Node, labels: readonly string[]): void {
  const { b } = l
  const header = b.label()
  const next = b.label()
  const end = b.label()
  header.offset = node.start
  place(l, header, wordsOf(node))
  header.throws = true
  if (node.type !== "DoWhileStatement" && node.test) lowerTest(l, node.test, end, false)
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: next, finalizer: null })
  statement(l, node.body)
  l.surroundings.pop()
  b.place(next)
  const copied = copies(l, node).trimEnd()
  if (copied !== "") b.line(copied)
  if (node.update) l.scoped(() => initial(l, node.update))
  if (node.type === "DoWhileStatement") lowerTest(l, node.test, end, false)
  b.line(checkText(l, node, header))
  b.line(`${jump(l, header)};`)
  b.ends()
  b.place(end)
}

/** What an iteration does before it looks at what it goes over. */
export function beginHead(l: Lowering, node: Node): void {
  const scope = l.analysis.scopeOf.get(node)
  if (scope !== undefined) enterScope(l, scope)
  if (node.left.type === "VariableDeclaration" && node.left.declarations[0].init) declaration(l, node.left)
}

/** Begins an iteration and gives the slot of its cursor. For `for-in`, the keys are taken now. */
export function beginCursor(l: Lowering, node: Node): string {
  beginHead(l, node)
  if (node.type === "ForInStatement") {
    const keys = l.slot("keys")
    l.scoped(() => l.assign(keys, `${l.module.helper("keysOf")}(${expression(l, node.right, true)})`))
    return keys
  }
  const cursor = l.slot("cursor")
  const apart = flatHead(l.analysis, node)
  l.scoped(() => {
    const value = expression(l, node.right, true)
    l.assign(
      cursor,
      apart === null
        ? `${l.module.helper("iterate")}(${value}, ${notLoopedText(node.right)})`
        : `${l.module.helper("iterateApart")}(${value}, ${notLoopedText(node.right)}, ${countOf(apart)})`,
    )
  })
  return cursor
}

function forOf(l: Lowering, node: Node, labels: readonly string[]): void {
  const { b } = l
  const cursor = beginCursor(l, node)
  const finalizer = finalizerOf(l)
  const after = b.label()
  iterate(l, node, labels, cursor, finalizer)
  b.line(`${jump(l, after)};`)
  b.ends()
  abandoning(l, node, cursor, finalizer)
  leaving(l, node, cursor, finalizer)
  b.place(after)
}

/** What the loop gives each value to. */
export function targetOf(node: Node): Node {
  return node.left.type === "VariableDeclaration" ? node.left.declarations[0].id : node.left
}

/** The loop over a cursor. With a finalizer, an abrupt end of the body closes the cursor. */
function iterate(
  l: Lowering,
  node: Node,
  labels: readonly string[],
  cursor: string,
  finalizer: Finalizer | null,
): void {
  const { b } = l
  const m = l.r("m")
  const v = l.r("v")
  const header = b.label()
  const end = b.label()
  header.offset = node.start
  place(l, header, wordsOf(node))
  const next = `(${v} = ${l.use(cursor)}.next(${m}))`
  const stops = `if (${v} === ${l.module.helper("SUSPENDED")}) ${b.saveText(header)}`
  const left: Node = node.left
  const target = targetOf(node)
  const using = left.type === "VariableDeclaration" && left.kind === "using"
  const outer = l.region
  const again = b.label()
  b.line(`${hurryText(l, node.body)}if (${next} !== true) { ${stops} ${jump(l, end)}; }`)
  if (finalizer !== null) enterRegion(l, finalizer.entry)
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: again, finalizer })
  if (using)
    disposing(l, use => {
      bindHead(l, node, target, use(`${cursor}.value`))
      statement(l, node.body)
    })
  else {
    bindHead(l, node, target, `${cursor}.value`)
    statement(l, node.body)
  }
  l.surroundings.pop()
  if (finalizer !== null) leaveRegion(l, outer)
  b.place(again)
  if (finalizer !== null) b.line(`${l.r("h")} = ${outer};`)
  b.line(`${jump(l, header)};`)
  b.ends()
  b.place(end)
}

/**
 * Gives the loop's variable its value: each iteration has its own binding. Where a flat pattern takes it apart, `value`
 * is the cursor's, or gives the text of each part.
 */
export function bindHead(l: Lowering, node: Node, target: Node, value: string | ((i: number) => string)): void {
  const declared = node.left.type === "VariableDeclaration" && node.left.kind !== "var"
  if (declared) {
    const scope = l.analysis.scopeOf.get(node)
    for (const binding of scope?.bindings.values() ?? [])
      if (binding.mode === "cell")
        l.assign(binding.local, `{ v: ${binding.checked ? l.module.helper("TDZ") : "void 0"} }`)
  }
  if (typeof value === "function") bindFlat(l, target, value, value)
  else if (flatHead(l.analysis, node) !== null)
    bindFlat(
      l,
      target,
      i => `${value}.list[${i}]`,
      i => `${value}.rest(${i})`,
    )
  else bindPattern(l, target, value, null, node.left.type === "VariableDeclaration" ? ".for" : null)
  if (suspends(target)) return
  for (const id of boundNames(target)) {
    const binding = l.analysis.refOf.get(id)?.binding
    if (binding?.mode === "slot" && binding.owner === l.unit) l.b.def(binding.local)
  }
}

/** Where a throw of the body arrives; `reached` is what else the cursor is told. */
export function abandoning(l: Lowering, node: Node, cursor: string, f: Finalizer, reached = ""): void {
  const { b } = l
  const abandon = b.label()
  b.place(l.handlerOf(f.entry))
  b.line(`${l.r("h")} = ${l.region};`)
  l.assign(f.value, l.r("v"))
  l.assign(f.kind, String(THREW))
  abandon.offset = node.start
  place(l, abandon, "abandon")
  const abandoned = `${l.use(cursor)}.abandon(${l.r("m")}${reached})`
  b.line(`if (${abandoned} === ${l.module.helper("SUSPENDED")}) ${b.saveText(abandon)}`)
  b.line(`throw ${l.use(f.value)};`)
  b.ends()
}

/** Where a leap out of the body arrives. */
function leaving(l: Lowering, node: Node, cursor: string, f: Finalizer): void {
  const { b } = l
  if (!f.entry.targeted) return
  f.entry.offset = node.start
  place(l, f.entry, "leave")
  b.line(`${l.r("h")} = ${l.region};`)
  b.line(`if (${l.use(cursor)}.close(${l.r("m")}) === ${l.module.helper("SUSPENDED")}) ${b.saveText(f.entry)}`)
  resumeLeaps(l, f, false)
  b.ends()
}
