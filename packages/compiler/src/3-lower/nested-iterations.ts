/**
 * Owns iterations in nests: `for-of` and `for-in` loops in which nothing but loops can stop are native loops.
 *
 * An array is read by index as long as it is what the cursor goes over: source and index are slots. Any other cursor is
 * asked for each value and may stop the fiber, which leaves the nest at the loop's header. What jumps out of a `for-of`
 * comes to the closing behind its loop, which may stop as well; what is thrown arrives behind the nest, where it is
 * closed and thrown on: no handler of a nest stands around an iteration.
 */
import { flatHead } from "../2-analyze/flat.ts"
import type { NestedLoop } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Label } from "./builder.ts"
import { continues } from "./jumps.ts"
import { jump, resumeLeaps } from "./leaps.ts"
import { abandoning, beginCursor, bindHead, finalizerOf, targetOf } from "./loops.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import { arrive, checkText, closeLoop, labelOf, type Nest, open, round, skippable } from "./nests.ts"
import { wordsOf } from "./points.ts"
import { enterRegion, leaveRegion, place } from "./tries.ts"

/** The slots of an iteration that began. */
export interface Iteration {
  readonly cursor: string
  /** The array that is read by index, or null; no slots if it cannot be one. */
  readonly list: { readonly source: string; readonly index: string } | null
}

/** What an iteration does once, before its first round. */
export function beginIteration(l: Lowering, node: Node): Iteration {
  const cursor = beginCursor(l, node)
  if (node.type === "ForInStatement" || flatHead(l.analysis, node) !== null) return { cursor, list: null }
  const list = { source: l.slot("source"), index: l.slot("index") }
  l.assign(list.source, `${cursor}.list`)
  l.assign(list.index, "0")
  return { cursor, list }
}

/** One loop; `body` emits what a round does with the value. */
export function iteration(l: Lowering, nest: Nest, { node, labels }: NestedLoop, body: () => void): void {
  const { b } = l
  const finalizer = node.type === "ForOfStatement" ? finalizerOf(l) : null
  const end = b.label()
  end.native = `break ${l.module.unique(l.r("loop"))}`
  const leaving = nest.leavings.get(node)
  if (finalizer !== null) throwing(l, nest, node, finalizer)
  if (finalizer === null || leaving === undefined) {
    rounds(l, nest, { node, labels }, end, finalizer, body)
    b.place(end)
    return
  }
  const inside = l.module.unique(l.r("inside"))
  finalizer.entry.native = `break ${inside}`
  b.line(`${labelOf(end)}: {`)
  b.line(`${inside}: if (${l.r("pc")} !== ${b.number(leaving)}) {`)
  b.indent++
  rounds(l, nest, { node, labels }, end, finalizer, body)
  b.line(`${jump(l, end)};`)
  b.ends()
  b.indent--
  b.line("}")
  b.place(finalizer.entry)
  closing(l, nest, node, leaving, finalizer)
  b.line("}")
  b.place(end)
}

/** The loop, from its header to where it has ended by itself. */
function rounds(
  l: Lowering,
  nest: Nest,
  { node, labels }: NestedLoop,
  end: Label,
  finalizer: Finalizer | null,
  body: () => void,
): void {
  const { b } = l
  const header = nest.headers.get(node) as Label
  const state = nest.iterations.get(node) as Iteration
  const next = b.label()
  const ended = b.label()
  if (b.block.label !== header) place(l, header, wordsOf(node))
  arrive(l, header, suspends(node.body))
  const outside = finalizer === null ? "" : `${l.r("h")} = ${l.region}`
  const opened = open(l, [outside, moreText(l, state)].filter(x => x !== "").join(", "), suspends(node.body))
  b.goes(ended)
  b.indent++
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: next, finalizer })
  const outer = l.region
  round(l, next, continues(node.body, labels), () => {
    head(l, node, state, finalizer)
    body()
  })
  if (finalizer !== null) leaveRegion(l, outer)
  l.surroundings.pop()
  const stop = `${l.r("pc")} = ${b.number(header)}; break ${nest.name};`
  if (state.list !== null) b.line(checkText(l, ` && ${state.list.source} !== null`, `${outside}; ${stop}`))
  closeLoop(l, header, ended)
  if (finalizer === null && end.jumped) opened(labelOf(end))
  const suspended = `if (${l.r("v")} === ${l.module.helper("SUSPENDED")}) { ${stop} }`
  if (state.list === null) b.line(suspended)
  else {
    const { source } = state.list
    b.line(`if (${source} === null) { ${suspended} } else ${state.cursor}.exhaust();`)
  }
}

/** Text that is true if there is another value. The budget is the machine's again while a cursor looks for it. */
function moreText(l: Lowering, { cursor, list }: Iteration): string {
  const [m, v, budget] = [l.r("m"), l.r("v"), l.r("b")]
  const more = `${m}.budget = ${budget}, ${v} = ${cursor}.next(${m}), ${budget} = ${m}.budget | 0, ${v} === true`
  return list === null ? more : `${list.source} !== null ? ${list.index} < ${list.source}.length : (${more})`
}

/** Gives the loop's variable the next value. Taking it is outside of the region that closes the cursor, binding it inside. */
function head(l: Lowering, node: Node, { cursor, list }: Iteration, finalizer: Finalizer | null): void {
  const taken =
    list === null ? `${cursor}.value` : `${list.source} !== null ? ${list.source}[${list.index}++] : ${cursor}.value`
  const target = targetOf(node)
  const isPlain = list === null || (node.left.type === "VariableDeclaration" && target.type === "Identifier")
  const bind = (value: string): void => bindHead(l, node, target, value)
  const take = (): void => (isPlain ? bind(taken) : l.b.line(`${l.r("v")} = ${taken};`))
  if (finalizer === null) {
    passed(l, node, take)
    return
  }
  if (list !== null) passed(l, node, take)
  enterRegion(l, finalizer.entry)
  if (!isPlain) passed(l, node, () => bind(l.r("v")))
  else if (list === null) passed(l, node, take)
}

/** Emits what does not run on the way to a header inside the loop. */
function passed(l: Lowering, node: Node, run: () => void): void {
  if (suspends(node.body)) skippable(l, [run])
  else run()
}

/** Where jumps out of the loop arrive; the closing may stop. */
function closing(l: Lowering, nest: Nest, node: Node, leaving: Label, finalizer: Finalizer): void {
  const { b } = l
  const { cursor } = nest.iterations.get(node) as Iteration
  const [pc, v, S] = [l.r("pc"), l.r("v"), l.module.helper("SUSPENDED")]
  place(l, leaving, "leave")
  arrive(l, leaving, true)
  b.line(`${l.r("h")} = ${l.region};`)
  b.line(`if ((${v} = ${cursor}.close(${l.r("m")})) === ${S}) { ${pc} = ${b.number(leaving)}; break ${nest.name}; }`)
  resumeLeaps(l, finalizer, false)
  b.ends()
}

/** Behind the nest, what a body threw closes the iteration, with the same around it as around the loop. */
function throwing(l: Lowering, nest: Nest, node: Node, finalizer: Finalizer): void {
  const around = [...l.surroundings]
  const { region } = l
  const { cursor } = nest.iterations.get(node) as Iteration
  nest.behind.push(() => {
    const present = [...l.surroundings]
    const outer = l.region
    l.surroundings.splice(0, present.length, ...around)
    leaveRegion(l, region)
    abandoning(l, node, cursor, finalizer)
    leaveRegion(l, outer)
    l.surroundings.splice(0, around.length, ...present)
  })
}
