/**
 * Owns the rounds of a `for-of` in whose body nothing can stop. What the optimiser makes of them depends on how little
 * they do besides the body.
 *
 * An array is read in strips: as many rounds as the budget and the array have, paid for before the first one, over
 * registers. Source and index, which a stop saves, change between strips only; an array that became shorter ends its
 * strip, and what leaves the loop gets back what it paid for the rest. Any other cursor gives a strip of one value. Over a
 * Map or a Set the engine runs the loop itself, on the iterator that the cursor lends. A string is read in strips as well:
 * so the place in it is known without a count, for which a String Iterator cannot be asked. Where a head takes each
 * character apart it is lent, as much of it as the budget pays for. For all that a short body is there three times.
 */
import { calls } from "../2-analyze/calls.ts"
import { flatHead } from "../2-analyze/flat.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { bindHead, hurryText, limitText, targetOf } from "./loops.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import type { Iteration } from "./nested-iterations.ts"
import { checkText } from "./nests.ts"
import { enterRegion, leaveRegion } from "./tries.ts"

type List = NonNullable<Iteration["list"]>

/** A loop, and what surrounds its rounds. */
export interface Rounds {
  readonly node: Node
  readonly state: Iteration
  readonly finalizer: Finalizer
  /** Stops at the loop's header. */
  readonly stop: string
  /** Emits what a round does with the value. */
  readonly body: () => void
}

/** Asks the cursor for the next value, or leaves the loop. What it runs counts down the machine's own budget. */
export function asked(l: Lowering, node: Node, cursor: string, stop: string): string {
  const [m, v] = [l.r("m"), l.r("v")]
  const none = `if (${v} !== true) { if (${v} === ${l.module.helper("SUSPENDED")}) { ${stop} } break; }`
  return `${hurryText(l, node.body)}${v} = ${cursor}.more(${m}); ${none}`
}

/** Characters of a body that is not emitted twice: what it does takes longer than a cursor's step. */
const LONG = 1000

export const isShort = (body: Node): boolean => body.end - body.start < LONG

/** Emits the rounds. */
export function strips(l: Lowering, loop: Rounds): void {
  const { b } = l
  const { node, state } = loop
  const value = l.module.unique(l.r("w"))
  if (state.list !== null) {
    l.strips = true
    b.line(`${l.r("i")} = ${l.r("end")} = 0;`)
  }
  const lent = isShort(node.body) && canBeLent(l, node) ? l.module.unique(l.r("lent")) : null
  if (lent === null) {
    ask(l, loop, "", value)
    return
  }
  b.line("{")
  b.indent++
  b.line(`${l.r("h")} = ${l.region};`)
  const read = state.list === null ? null : l.module.unique(l.r("text"))
  const lending = `${state.cursor}.lend(${l.r("b")})`
  if (read === null) b.line(`const ${lent} = ${lending};`)
  else b.line(`const ${read} = ${state.cursor}.text, ${lent} = ${read} === null ? ${lending} : null;`)
  const repeat = ask(l, loop, `if (${lent} === null${read === null ? "" : ` && ${read} === null`}) `, value)
  const apart = flatHead(l.analysis, node)
  if (read !== null) characters(l, loop, read, value, repeat)
  b.line("else {")
  b.indent++
  if (apart === null) {
    b.line(`for (const ${value} of ${lent}) {`)
    b.indent++
  } else lentInPairs(l, loop, lent, apart)
  repeat()
  b.line(checkText(l, node.body, ` && ${state.cursor}.leave(${l.r("b")})`, loop.stop))
  b.indent--
  b.line("}")
  b.line(`if (${state.cursor}.rest) { ${loop.stop} }`)
  b.indent--
  b.line("}")
  b.indent--
  b.line("}")
}

/** Where there is a text to read: its characters, each of one unit or a pair. An import is read before the rounds. */
function characters(
  l: Lowering,
  { node, state, finalizer, stop }: Rounds,
  read: string,
  value: string,
  repeat: () => void,
): void {
  const { b } = l
  const [i, end] = [l.r("i"), l.r("end")]
  const place = `${state.cursor}.index`
  const unit = l.module.unique(l.r("unit"))
  b.line(`else if (${read} !== null) {`)
  b.indent++
  b.line(`const ${unit} = ${l.module.helper("codeUnit")};`)
  b.line(`${i} = ${place}; ${end} = ${read}.length; ${payment(l)}`)
  b.line(`while (${i} < ${end}) {`)
  b.indent++
  const pair = `${value} = ${l.module.helper("character")}(${read}, ${i})`
  b.line(`${l.r("h")} = ${l.region}; let ${value} = ${read}[${i}];`)
  b.line(`if ((${unit}(${read}, ${i}) & 0xfc00) === 0xd800) ${i} += (${pair}).length - 1;`)
  b.line(`${i}++; ${l.r("h")} = ${l.regions.indexOf(l.handlerOf(finalizer.entry))};`)
  repeat()
  ends(l, node)
  b.indent--
  b.line("}")
  b.line(`${place} = ${i}; ${refund(l)}`)
  b.line(`if (${i} < ${read}.length) { ${stop} }`)
  b.indent--
  b.line("}")
}

/**
 * Begins the loop over keys, with the values in step. An array like the entry is taken apart, in the way that the program
 * may have for that; this one the engine optimizes away. An import costs each round four reads, and is read before.
 */
function lentInPairs(l: Lowering, { node, state }: Rounds, lent: string, { elements }: Node): void {
  const { b } = l
  const named = (name: string): string => l.module.unique(l.r(name))
  const [values, second] = [named("values"), named("second")]
  const pair = [named("w"), named("w")]
  b.line(`const ${values} = ${state.cursor}.values;`)
  b.line(`const ${second} = ${l.module.helper("second")};`)
  b.line(`for (let ${pair[0]} of ${lent}) {`)
  b.indent++
  b.line(`let ${pair[1]} = ${second}(${values});`)
  const parts = pair.slice(0, elements.length).join(", ")
  b.line(`[${parts}] = [${pair.join(", ")}];`)
  bindHead(l, node, targetOf(node), i => pair[i] as string)
}

/** A head that takes entries of a Map apart wants no more than their two parts. */
function canBeLent(l: Lowering, node: Node): boolean {
  const apart = flatHead(l.analysis, node)
  return apart === null || (apart.elements.length <= 2 && !apart.elements.some(isNoName))
}

const isNoName = (element: Node | null): boolean => element === null || element.type === "RestElement"

/** The rounds of a loop that asks its cursor or reads an array; gives a function that emits the same body once more. */
function ask(l: Lowering, loop: Rounds, condition: string, value: string): () => void {
  const { b } = l
  b.line(`${condition}while (true) {`)
  b.indent++
  const repeat = loop.state.list === null ? single(l, loop) : strip(l, loop, loop.state.list, value)
  b.indent--
  b.line("}")
  return repeat
}

/** One value that the cursor takes apart. */
function single(l: Lowering, loop: Rounds): () => void {
  const { node, state, stop } = loop
  l.b.line(`${l.r("h")} = ${l.region};`)
  l.b.line(asked(l, node, state.cursor, stop))
  const repeat = inRegion(l, loop, () => {
    bindHead(l, node, targetOf(node), `${state.cursor}.value`)
    return copied(l, loop.body)
  })
  l.b.line(checkText(l, node.body, ` && ${state.cursor}.quick`, stop))
  return repeat
}

function strip(l: Lowering, loop: Rounds, { source, index }: List, value: string): () => void {
  const { b } = l
  const { node, state, stop } = loop
  const { cursor } = state
  const [i, end, budget] = [l.r("i"), l.r("end"), l.r("b")]
  const list = l.module.unique(l.r("list"))
  const outside = `${l.r("h")} = ${l.region};`
  const one = `${budget} = ${budget} - 1 | 0; ${list} = [${cursor}.value]; ${i} = 0; ${end} = 1;`
  b.line(`${outside} let ${list} = ${source};`)
  b.line(`if (${list} === null) { ${asked(l, node, cursor, stop)} ${one} }`)
  b.line(`else if (${index} < ${list}.length) { ${i} = ${index}; ${end} = ${list}.length; ${payment(l)} }`)
  b.line(`else { ${cursor}.exhaust(); break; }`)
  b.line(`while (${i} < ${end} && ${end} <= ${list}.length) {`)
  b.indent++
  // the value of `i++` in the brackets would cost the optimiser a register
  b.line(`${outside} const ${value} = ${list}[${i}]; ${i}++;`)
  const repeat = inRegion(l, loop, () =>
    copied(l, () => {
      bindHead(l, node, targetOf(node), value)
      loop.body()
    }),
  )
  ends(l, node)
  b.indent--
  b.line("}")
  b.line(`${index} = ${i}; ${refund(l)}`)
  b.line(`if (${budget} < ${limitText(l, calls(node.body))} && (${source} !== null || ${cursor}.quick)) { ${stop} }`)
  return repeat
}

/** Pays for a strip: to the end, or as far as the budget reaches. */
function payment(l: Lowering): string {
  const [i, end, budget] = [l.r("i"), l.r("end"), l.r("b")]
  return `if (${end} - ${i} > ${budget} + 1) ${end} = ${i} + ${budget} + 1; ${budget} = ${budget} - (${end} - ${i}) | 0;`
}

/** A strip whose rounds call something ends with the slice. */
function ends(l: Lowering, { body }: Node): void {
  if (calls(body)) l.b.line(`if (${limitText(l, true)} !== 0) break;`)
}

/** What was paid for rounds that are not going to be. */
export function refund(l: Lowering): string {
  return `${l.r("b")} = ${l.r("b")} + (${l.r("end")} - ${l.r("i")}) | 0;`
}

/** What throws in there closes the cursor. */
function inRegion<T>(l: Lowering, { finalizer }: Rounds, emit: () => T): T {
  const outer = l.region
  enterRegion(l, finalizer.entry)
  const result = emit()
  leaveRegion(l, outer)
  return result
}

/** Emits something, and gives a function that emits the same lines once more. */
export function copied(l: Lowering, emit: () => void): () => void {
  const { b } = l
  const { indent } = b
  const from = b.lines.length
  emit()
  const lines = b.lines.slice(from)
  return () => {
    const deeper = b.indent - indent
    for (const line of lines) b.lines.push({ indent: line.indent + deeper, text: line.text })
  }
}
