/**
 * Owns the lowering of nests: loops in which nothing but loops can stop stay native loops, one in the other. Each header
 * is a resume point. JavaScript cannot jump into a loop, so what stands before a header is skipped while `pc` names it;
 * the loop whose header it is sets `pc` to 0, and from there on everything runs.
 *
 * The budget is kept in a local meanwhile, and a round that finds it used up leaves the nest. So the optimiser sees
 * nothing in the loops but the program's own operations: a call of `poll` there, which comes back, would have it look
 * at every object and length anew in each round.
 */

import { calls } from "../2-analyze/calls.ts"
import { isIteration, isLeft, isNativeForIn, loopsOf, type NestedLoop, unlabelled } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { numbersOf } from "../2-analyze/numbers.ts"
import { isLoop, suspends } from "../2-analyze/suspends.ts"
import type { Label, Line } from "./builder.ts"
import { countedOf, countedRounds } from "./counted.ts"
import { enterScope } from "./functions.ts"
import { continues } from "./jumps.ts"
import { jump } from "./leaps.ts"
import { beginLoop, lastText, limitText } from "./loops.ts"
import type { Lowering } from "./lowering.ts"
import { beginIteration, type Iteration, iteration } from "./nested-iterations.ts"
import { wordsOf } from "./points.ts"
import { placeOf, untouched } from "./statements.ts"
import { goingOf, stretch, testTexts } from "./stretches.ts"
import { text } from "./text.ts"
import { place } from "./tries.ts"

export interface Nest {
  /** Label of the statement that leaving the nest leaves. */
  readonly name: string
  readonly headers: ReadonlyMap<Node, Label>
  /** Where the closing of an iteration goes on that something leaves. */
  readonly leavings: ReadonlyMap<Node, Label>
  readonly iterations: Map<Node, Iteration>
  /** Headers of loops that were looked for before they were emitted. */
  readonly arrived: Set<Label>
  /** Variables that live as long as nothing stops the nest. */
  readonly locals: string[]
  /** Some loop of it pays for its rounds in strips. */
  counts: boolean
  /** Some loop of it counts its rounds in front of them. */
  looksFirst: boolean
  /** What is emitted behind the nest: where the throws of bodies of iterations arrive. */
  readonly behind: (() => void)[]
}

/** Lowers a nest; what its outermost loop does once, before the first round, was emitted. */
export function lowerNest(l: Lowering, node: Node, labels: readonly string[], begun: Iteration | null): void {
  const { b } = l
  const points: Label[] = []
  const nest: Nest = {
    name: l.module.unique(l.r("nest")),
    headers: new Map(),
    leavings: new Map(),
    iterations: new Map(begun === null ? [] : [[node, begun]]),
    arrived: new Set(),
    locals: [],
    counts: false,
    looksFirst: false,
    behind: [],
  }
  pointsOf(l, nest as Numbered, { node, labels }, points)
  const [first, ...inner] = points as [Label, ...Label[]]
  for (const label of inner) label.door = first
  l.nests = true
  // a frame that was resumed before has left its number there
  if (inner.length > 0 && b.block.falls) b.line(`${l.r("pc")} = 0;`)
  place(l, first, wordsOf(node))
  const open = b.later()
  b.indent++
  const begin = b.later()
  const typed = typing(l, node)
  const grant = b.later()
  b.line(`${nest.name}: try {`)
  b.indent++
  const declare = b.later()
  const { region } = l
  loop(l, nest, node, labels)
  if (nest.locals.length > 0) declare(`let ${nest.locals.join(", ")};`)
  typed(nest)
  // a round that was left may have been in the region of an iteration
  const outside = nest.behind.length > 0 ? ` ${l.r("h")} = ${region};` : ""
  const rest = l.r("b")
  begin(`${rest} = ${l.r("m")}.budget | 0;${outside}`)
  // a loop that looks before its first round has one all the same where it is resumed: else it would only stop again
  if (nest.looksFirst) grant(`if (${l.r("pc")} !== 0 && ${rest} < 1) ${rest} = 1;`)
  b.indent--
  b.later()(`} finally { ${countedText(l, nest)} }`)
  // where rounds are paid for in strips it is better otherwise: the sieve took 1.06 of the native time by way of the
  // function's dispatch with a text for each stop, and 1.3 to 1.6 without either
  open(nest.counts ? "{" : "do {")
  stops(l, nest, points)
  b.indent--
  b.line(nest.counts ? "}" : `} while (${l.r("pc")} !== 0);`)
  behind(l, nest)
}

/**
 * What a nest ends with, however it ends: no use of a variable, since the frame is made behind it. A `for-in` of the engine that
 * was to stop gives its object back what it changed. The machine gets the rounds that were counted. What a cursor runs counts down the machine's own budget meanwhile, and each
 * of the two is looked at by itself: handing the one number to and fro in each round took a third of the time of the loop.
 */
function countedText(l: Lowering, { iterations }: Nest): string {
  const [budget, rest] = [`${l.r("m")}.budget`, l.r("b")]
  if (iterations.size === 0) return `${budget} = ${rest};`
  const native = [...iterations].filter(([node]) => isNativeForIn(l.analysis, node))
  const left = native.map(([, { cursor }]) => ` ${cursor}?.leave();`).join("")
  return `if (${rest} < ${budget}) ${budget} = ${rest};${left}`
}

/**
 * The optimiser cannot know that what was resumed from a frame, or was computed before it took over in the midst of a
 * loop, is a number: one operation before the loops tells it. Emitted behind the loops, when all slots are known, and
 * without being a use of them: what is dead is a number too.
 */
function typing(l: Lowering, node: Node): (nest: Nest) => void {
  const tell = l.b.later()
  l.numbers ??= numbersOf(l.analysis, l.unit)
  const kept: string[] = []
  for (const [binding, keeping] of l.numbers) {
    if (!binding.refs.some(ref => ref.node.start >= node.start && ref.node.end <= node.end)) continue
    const line = `${binding.local} ${keeping}= 0;`
    if (kept.includes(line)) continue
    l.zeros.add(binding.local)
    kept.push(line)
  }
  return nest => {
    for (const { list } of nest.iterations.values()) {
      if (list === null) continue
      l.zeros.add(list.index)
      kept.push(`${list.index} += 0;`)
    }
    if (kept.length > 0) tell(kept.join(" "))
  }
}

type Numbered = Nest & { readonly headers: Map<Node, Label>; readonly leavings: Map<Node, Label> }

/** Labels in the order of the source, so that loops that follow each other have numbers that do. */
function pointsOf(l: Lowering, nest: Numbered, { node, labels }: NestedLoop, into: Label[]): void {
  const point = (of: Map<Node, Label>): void => {
    const label = l.b.label()
    label.offset = node.start
    label.targeted = label.resumable = true
    // each loop delivers what is thrown into it where it arrives, within the regions around it
    label.delivers = true
    of.set(node, label)
    into.push(label)
  }
  point(nest.headers)
  for (const inner of loopsOf(node.body)) pointsOf(l, nest, inner, into)
  if (node.type === "ForOfStatement" && isLeft({ node, labels })) point(nest.leavings)
}

/**
 * Behind the loops: what happens if the budget ran out at a header, or if an iteration stopped. Else they go on from there,
 * in a loop of their own: by way of the function's, what any other part of it needs would be kept in every round, and a
 * short loop is unrolled only if the optimiser has little to keep.
 */
function stops(l: Lowering, { iterations, counts }: Nest, points: readonly Label[]): void {
  const { b } = l
  const pc = l.r("pc")
  const isOver = `${l.module.helper("poll")}(${l.r("m")})`
  const stopped = iterations.size > 0 ? `(${l.r("v")} === ${l.module.helper("SUSPENDED")} || ${isOver})` : isOver
  if (!counts) {
    b.line(`if (${pc} !== 0 && ${stopped}) ${b.sharedText(points)}`)
    return
  }
  b.jumps = true
  b.line(`if (${pc} !== 0) {`)
  for (const line of [
    `if (!${stopped}) continue ${l.r("run")};`,
    `switch (${pc}) {`,
    ...points.map(label => `case ${b.number(label)}: ${b.savedText(label)}`),
    "}",
  ])
    b.line(`  ${line}`)
  b.line("}")
}

function behind(l: Lowering, nest: Nest): void {
  const { b } = l
  if (nest.behind.length === 0) return
  const after = b.label()
  b.line(`${jump(l, after)};`)
  b.ends()
  for (const emit of nest.behind) emit()
  b.place(after)
}

/** One loop. Frames that are resumed at loops inside it come through here too. */
function loop(l: Lowering, nest: Nest, node: Node, labels: readonly string[]): void {
  if (isIteration(node)) iteration(l, nest, { node, labels }, () => branch(l, nest, node.body))
  else plainLoop(l, nest, node, labels)
}

function plainLoop(l: Lowering, nest: Nest, node: Node, labels: readonly string[]): void {
  const { b } = l
  const header = nest.headers.get(node) as Label
  const next = b.label()
  const end = b.label()
  end.native = `break ${l.module.unique(l.r("loop"))}`
  const counted = nest.headers.size > 1 ? countedOf(l, node, labels) : null
  if (counted !== null) nest.counts = true
  const going = counted === null && nest.headers.size > 1 ? goingOf(l, node, labels) : null
  const isInnermost = !suspends(node.body)
  const looksFirst = isInnermost && counted === null && going === null && !calls(node)
  if (looksFirst) nest.looksFirst = true
  if (b.block.label !== header) place(l, header, wordsOf(node))
  arrive(l, nest, header, !isInnermost)
  const test = node.type === "DoWhileStatement" ? null : node.test
  const texts = going === null ? [] : testTexts(l, going, test)
  const tested = (): string => {
    b.goes(end)
    return going === null ? text(placeOf(l), test) : texts.join(" && ")
  }
  const begin = (): void => (test === null ? undefined : b.line(`if (!(${tested()})) break;`))
  const opened = openWith(l, `while (${!isInnermost || looksFirst || test === null ? "true" : tested()}) {`)
  b.indent++
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: next, finalizer: null })
  const isLeft = continues(node.body, labels)
  const leave = leaveText(l, nest, header)
  if (looksFirst) {
    b.line(checkText(l, node, "", leave))
    begin()
  }
  // on the way to a header in the body, the one look at `pc` skips the test and what stands before that header
  const run = (): void => round(l, next, isLeft, () => branch(l, nest, node.body, isInnermost ? undefined : begin))
  const whole = (): void => {
    run()
    const last = lastText(l, node)
    if (last !== "") b.line(last)
  }
  if (counted !== null) countedRounds(l, counted, leave, whole)
  else if (going !== null) stretch(l, going, texts.slice(1), leave, whole)
  else run()
  l.surroundings.pop()
  if (counted === null && going === null) endOfRound(l, node, end, looksFirst ? null : leave)
  closeLoop(l, header, end)
  if (end.jumped) opened(labelOf(end))
}

/** The body of a loop, in a block of its own if `continue` leaves it. */
export function round(l: Lowering, next: Label, isLeft: boolean, run: () => void): void {
  const { b } = l
  next.native = `break ${l.module.unique(l.r("body"))}`
  if (isLeft) b.line(`${labelOf(next)}: {`)
  run()
  if (isLeft) b.line("}")
  b.place(next)
}

export const labelOf = (label: Label): string => (label.native as string).slice("break ".length)

/** At its own header, a resumed loop begins its next round as any other. */
export function arrive(l: Lowering, nest: Nest, header: Label, isPassed: boolean): void {
  if (nest.arrived.has(header)) return
  const begins = `${l.r("pc")} = 0;${l.b.deliveredText()}`
  l.b.line(isPassed ? arrival(l, header) : begins)
}

const arrival = (l: Lowering, header: Label): string =>
  `if (${l.r("pc")} === ${l.b.number(header)}) { ${l.r("pc")} = 0;${l.b.deliveredText()} }`

/** The loop's first line; gives a function that puts a label in front of it. */
export function openWith(l: Lowering, line: string): (label: string) => void {
  const { b } = l
  b.line(line)
  const first = b.lines.at(-1) as Line
  return label => {
    first.text = (first.text as string).replace(line, () => `${label}: ${line}`)
  }
}

/** The end of a round; `leave` if it is counted there. */
function endOfRound(l: Lowering, node: Node, end: Label, leave: string | null): void {
  const { b } = l
  const check = leave === null ? "" : checkText(l, node, "", leave)
  if (node.type === "DoWhileStatement") {
    b.line(`if (!(${text(placeOf(l), node.test)})) break;`)
    b.goes(end)
    if (check !== "") b.line(check)
    return
  }
  const last = `${lastText(l, node)} ${check}`.trim()
  if (last !== "") b.line(last)
}

/** Stops at a header. */
const leaveText = (l: Lowering, nest: Nest, header: Label): string =>
  `${l.r("pc")} = ${l.b.number(header)}; break ${nest.name};`

export function closeLoop(l: Lowering, header: Label, end: Label): void {
  const { b } = l
  b.indent--
  b.line("}")
  endLoop(l, header, end)
}

/** Behind the last line of a loop. */
export function endLoop({ b }: Lowering, header: Label, end: Label): void {
  b.goes(header)
  b.ends()
  b.place(end)
}

/** Counts a round of the loop, as an integer of 32 bits, so that nothing looks for an overflow. */
export function checkText(l: Lowering, node: Node, condition: string, leave: string): string {
  return `if ((${l.r("b")} = ${l.r("b")} - 1 | 0) < ${limitText(l, calls(node))}${condition}) { ${leave} }`
}

/**
 * A loop's body, or a branch of an `if`; `begin` emits what a round begins with. What the body declares natively stands in a
 * block of its own: it may have the name of what the loop's head speaks of, which is emitted around it.
 */
function branch(l: Lowering, nest: Nest, node: Node, begin?: () => void): void {
  const { b } = l
  const scope = l.analysis.scopeOf.get(node)
  const isApart = scope !== undefined && [...scope.bindings.values()].some(({ mode }) => mode === "native")
  const enter = (): void => {
    begin?.()
    if (scope !== undefined) enterScope(l, scope)
  }
  if (isApart) {
    b.line("{")
    b.indent++
  }
  list(l, nest, enter, node.type === "BlockStatement" ? node.body : [node])
  if (!isApart) return
  b.indent--
  b.line("}")
}

/** Statements; what stands before the last one with loops in it is skipped on the way to a header. */
function list(l: Lowering, nest: Nest, enter: () => void, statements: readonly Node[]): void {
  const last = statements.findLastIndex(suspends)
  let before = [enter]
  statements.forEach((s, i) => {
    if (!suspends(s)) before.push(() => untouched(l, s))
    else {
      const inner = unlabelled(s)
      if (isIteration(inner)) before.push(() => nest.iterations.set(inner, beginIteration(l, inner, nest)))
      else if (isLoop(inner)) before.push(() => beginLoop(l, inner))
      // where something was skipped, the same look at `pc` tells whether the next loop's header is what is resumed
      if (skippable(l, before) && isLoop(inner) && suspends(inner.body)) {
        const header = nest.headers.get(inner) as Label
        l.b.line(`else ${arrival(l, header)}`)
        nest.arrived.add(header)
      }
      before = []
      if (i < last) until(l, nest, s)
      else resumable(l, nest, s, [])
    }
  })
  for (const run of before) run()
}

/** Emits what does not run on the way to a header; true if there is any. */
export function skippable(l: Lowering, parts: readonly (() => void)[]): boolean {
  const { b } = l
  const { lines } = b
  b.line(`if (${l.r("pc")} === 0) {`)
  const from = lines.length
  b.indent++
  for (const run of parts) run()
  b.indent--
  if (lines.length === from) lines.pop()
  else b.line("}")
  return lines.length >= from
}

/** A statement that is not run on the way to a header behind it. */
function until(l: Lowering, nest: Nest, node: Node): void {
  const { b } = l
  b.line(`if (${l.r("pc")} <= ${b.number(lastHeader(nest, node))}) {`)
  b.indent++
  resumable(l, nest, node, [])
  b.indent--
  b.line("}")
}

/** The last resume point of a statement. */
function lastHeader(nest: Nest, node: Node): Label {
  const last = (loopsOf(node).at(-1) as NestedLoop).node
  return (
    nest.leavings.get(last) ?? (suspends(last.body) ? lastHeader(nest, last.body) : (nest.headers.get(last) as Label))
  )
}

/** A statement with loops in it. */
function resumable(l: Lowering, nest: Nest, node: Node, labels: readonly string[]): void {
  if (isLoop(node)) loop(l, nest, node, labels)
  else if (node.type === "IfStatement") ifStatement(l, nest, node)
  else if (node.type === "BlockStatement") labels.length === 0 ? branch(l, nest, node) : labelled(l, nest, node, labels)
  else {
    const all = [...labels, node.label.name]
    const inner = node.body
    if (isLoop(inner) || inner.type === "LabeledStatement") resumable(l, nest, inner, all)
    else labelled(l, nest, inner, all)
  }
}

/** A statement that `break` can leave by its label. */
function labelled(l: Lowering, nest: Nest, node: Node, labels: readonly string[]): void {
  const { b } = l
  const end = b.label()
  end.native = `break ${l.module.unique(l.r("block"))}`
  b.line(`${labelOf(end)}: {`)
  b.indent++
  l.surroundings.push({ type: "block", labels, breaks: end, continues: null, finalizer: null })
  resumable(l, nest, node, [])
  l.surroundings.pop()
  b.indent--
  b.line("}")
  b.place(end)
}

function ifStatement(l: Lowering, nest: Nest, node: Node): void {
  const { b } = l
  const otherwise = b.label()
  const end = b.label()
  b.line(`if (${branching(l, nest, node, text(placeOf(l), node.test))}) {`)
  b.goes(otherwise)
  b.indent++
  branch(l, nest, node.consequent)
  b.indent--
  if (b.block.falls) b.goes(end)
  b.ends()
  b.place(otherwise)
  if (node.alternate !== null) {
    b.line("} else {")
    b.indent++
    branch(l, nest, node.alternate)
    b.indent--
  }
  b.line("}")
  b.place(end)
}

/** The test, or on the way to a header the branch that has it. */
function branching(l: Lowering, nest: Nest, node: Node, test: string): string {
  const pc = l.r("pc")
  if (!suspends(node.alternate)) return `${pc} !== 0 || (${test})`
  if (!suspends(node.consequent)) return `${pc} === 0 && (${test})`
  return `${pc} === 0 ? (${test}) : ${pc} <= ${l.b.number(lastHeader(nest, node.consequent))}`
}
