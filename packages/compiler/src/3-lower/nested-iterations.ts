/**
 * Owns iterations in nests: `for-of` and `for-in` loops in which nothing but loops can stop are native loops.
 *
 * An array is read by index as long as it is what the cursor goes over: source and index are slots. Any other cursor is
 * asked for each value and may stop the fiber, which leaves the nest at the loop's header (`strips.ts` has the rounds of
 * loops whose bodies cannot stop). What jumps out of a `for-of`
 * comes to the closing behind its loop, which may stop as well; what is thrown arrives behind the nest, where it is
 * closed and thrown on: no handler of a nest stands around an iteration.
 */
import { flatHead } from "../2-analyze/flat.ts"
import { isNativeForIn, type NestedLoop } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Label } from "./builder.ts"
import { continues } from "./jumps.ts"
import { finalizerOf, jump, resumeLeaps } from "./leaps.ts"
import { abandoning, beginCursor, bindHead, targetOf } from "./loops.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import { beginNativeForIn, nativeForIn } from "./native-for-in.ts"
import { arrive, checkText, closeLoop, endLoop, labelOf, type Nest, openWith, round, skippable } from "./nests.ts"
import { wordsOf } from "./points.ts"
import { asked, refund, strips } from "./strips.ts"
import { enterRegion, leaveRegion, place } from "./tries.ts"

/** The slots of an iteration that began. */
export interface Iteration {
  readonly cursor: string
  /** The array that is read by index, or null; no slots if it cannot be one. */
  readonly list: { readonly source: string; readonly index: string } | null
  /** Of a `for-in` of the engine: see there. */
  readonly known: string | null
}

/** What an iteration does once, before its first round; null: the nest begins with it. */
export function beginIteration(l: Lowering, node: Node, nest: Nest | null): Iteration {
  if (isNativeForIn(l.analysis, node)) return beginNativeForIn(l, node, nest)
  const cursor = beginCursor(l, node)
  if (node.type === "ForInStatement" || flatHead(l.analysis, node) !== null) return { cursor, list: null, known: null }
  const list = { source: l.slot("source"), index: l.slot("index") }
  l.assign(list.source, `${cursor}.list`)
  l.assign(list.index, "0")
  return { cursor, list, known: null }
}

/** One loop; `body` emits what a round does with the value. */
export function iteration(l: Lowering, nest: Nest, { node, labels }: NestedLoop, body: () => void): void {
  const { b } = l
  if (isNativeForIn(l.analysis, node)) {
    nativeForIn(l, nest, { node, labels }, body)
    return
  }
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
  arrive(l, nest, header, suspends(node.body))
  const outside = finalizer === null ? "" : `${l.r("h")} = ${l.region}; `
  const stop = `${outside}${l.r("pc")} = ${b.number(header)}; break ${nest.name};`
  const outer = l.region
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: next, finalizer })
  const isLeft = continues(node.body, labels)
  b.goes(ended)
  if (finalizer !== null && !suspends(node.body)) {
    strips(l, { node, state, finalizer, stop, body: () => round(l, next, isLeft, body) })
    l.surroundings.pop()
    endLoop(l, header, ended)
    return
  }
  const opened = openWith(l, "while (true) {")
  b.indent++
  round(l, next, isLeft, () => {
    head(l, node, state, finalizer, stop)
    body()
  })
  if (finalizer !== null) leaveRegion(l, outer)
  l.surroundings.pop()
  b.line(checkText(l, node, ` && ${countedText(state)}`, stop))
  closeLoop(l, header, ended)
  if (finalizer === null && end.jumped) opened(labelOf(end))
}

/** Whether the loop counts the rounds: other cursors look around themselves. */
function countedText({ cursor, list }: Iteration): string {
  return list === null ? `${cursor}.quick` : `(${list.source} !== null || ${cursor}.quick)`
}

/** Takes the next value into `v`, or leaves the loop. */
function take(l: Lowering, node: Node, { cursor, list }: Iteration, finalizer: Finalizer | null, stop: string): void {
  const { b } = l
  const v = l.r("v")
  if (finalizer !== null) b.line(`${l.r("h")} = ${l.region};`)
  if (list === null) {
    b.line(asked(l, node, cursor, stop))
    if (node.type !== "ForOfStatement" || flatHead(l.analysis, node) === null) b.line(`${v} = ${cursor}.value;`)
    return
  }
  const { source, index } = list
  b.line(`if (${source} === null) { ${asked(l, node, cursor, stop)} ${v} = ${cursor}.value; }`)
  b.line(`else if (${index} < ${source}.length) ${v} = ${source}[${index}++];`)
  b.line(`else { ${cursor}.exhaust(); break; }`)
}

/** Gives the loop's variable the next value. Taking it is outside of the region that closes the cursor, binding it inside. */
function head(l: Lowering, node: Node, state: Iteration, finalizer: Finalizer | null, stop: string): void {
  const target = targetOf(node)
  const isApart = flatHead(l.analysis, node) !== null
  // a name that is declared: giving it its value cannot fail
  const isPlain = node.left.type === "VariableDeclaration" && target.type === "Identifier"
  const taken = (): void => take(l, node, state, finalizer, stop)
  const bound = (): void => bindHead(l, node, target, isApart ? `${state.cursor}.value` : l.r("v"))
  passed(l, node, isPlain || finalizer === null ? [taken, bound] : [taken])
  if (finalizer === null) return
  enterRegion(l, finalizer.entry)
  if (!isPlain) passed(l, node, [bound])
}

/** Emits what does not run on the way to a header inside the loop. */
function passed(l: Lowering, node: Node, parts: readonly (() => void)[]): void {
  if (suspends(node.body)) skippable(l, parts)
  else for (const run of parts) run()
}

/** Where jumps out of the loop arrive; the closing may stop. */
function closing(l: Lowering, nest: Nest, node: Node, leaving: Label, finalizer: Finalizer): void {
  const { b } = l
  const { cursor, list } = nest.iterations.get(node) as Iteration
  const [pc, v, S] = [l.r("pc"), l.r("v"), l.module.helper("SUSPENDED")]
  place(l, leaving, "leave")
  arrive(l, nest, leaving, true)
  if (list !== null && !suspends(node.body)) b.line(refund(l))
  b.line(`${l.r("h")} = ${l.region};`)
  const close = `${cursor}.close(${l.r("m")}${reachedText(l, node, list)})`
  b.line(`if ((${v} = ${close}) === ${S}) { ${pc} = ${b.number(leaving)}; break ${nest.name}; }`)
  resumeLeaps(l, finalizer, false)
  b.ends()
}

/** For the cursor of an array that was read by index: how far. It is told to what closes the iterator, if anything does. */
function reachedText(l: Lowering, node: Node, list: Iteration["list"]): string {
  if (list === null) return ""
  return `, ${suspends(node.body) ? l.use(list.index) : l.r("i")}`
}

/** Behind the nest, what a body threw closes the iteration, with the same around it as around the loop. */
function throwing(l: Lowering, nest: Nest, node: Node, finalizer: Finalizer): void {
  const around = [...l.surroundings]
  const { region } = l
  const { cursor, list } = nest.iterations.get(node) as Iteration
  nest.behind.push(() => {
    const present = [...l.surroundings]
    const outer = l.region
    l.surroundings.splice(0, present.length, ...around)
    leaveRegion(l, region)
    abandoning(l, node, cursor, finalizer, reachedText(l, node, list))
    leaveRegion(l, outer)
    l.surroundings.splice(0, around.length, ...present)
  })
}
