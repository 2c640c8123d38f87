/**
 * Owns `for-in` loops of nests that the engine runs: over the object itself, and behind a stop over a cursor. There is no
 * cursor before, but over a Proxy: an object in each loop took a quarter of short loops' time. To stop, the loop has to list
 * all keys that are left, so whoever may want a stop is asked first.
 *
 * A loop inside another one mostly goes over the same object each time. What it took then is what it is going to take, and
 * if the budget is more, its rounds are counted and nothing looks at the count: a look in each took a fifth of the time. An
 * object that got more keys meanwhile is gone over to its end, once.
 */
import { calls } from "../2-analyze/calls.ts"
import type { NestedLoop } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { Label } from "./builder.ts"
import { expression } from "./expressions.ts"
import { continues } from "./jumps.ts"
import { beginHead, bindHead, limitText, targetOf } from "./loops.ts"
import type { Lowering } from "./lowering.ts"
import type { Iteration } from "./nested-iterations.ts"
import { arrive, labelOf, type Nest, openWith, round } from "./nests.ts"
import { wordsOf } from "./points.ts"
import { copied, isShort } from "./strips.ts"
import { place } from "./tries.ts"

/**
 * Rounds that are made when the budget is used up, so that loops over few keys never look around: a call that was never made is
 * not there for the optimiser, and one that comes back into the loop takes six times its time.
 */
const PATIENCE = 256

/** The same behind a call of the program's, which may take long: fewer, and none when the slice is known to be over. With it, bodies that call take twice their time. */
const PATIENCE_OF_CALLS = 32

/** More than any object has keys. */
const MANY = 0x3fffffff

/**
 * What the loop does once. The slot `cursor` mostly is null until the loop stops, and then has the keys that are left; `known` is
 * the variable with the object that it went over before, if it may go over it again.
 */
export function beginNativeForIn(l: Lowering, node: Node, nest: Nest | null): Iteration {
  beginHead(l, node)
  if (nameOf(l, node) === null) {
    l.overs = true
    l.scoped(() => l.b.line(`${l.r("over")} = ${expression(l, node.right, true)};`))
  }
  const cursor = l.slot("keys")
  const object = nameOf(l, node) ?? l.r("over")
  const begun = `${l.module.helper("beginKeys")}(${object})`
  const isAgain = nest !== null && isShort(node.body) && !calls(node.body)
  const known = isAgain ? l.module.unique(l.r("known")) : null
  if (known !== null) nest?.locals.push(known)
  l.assign(cursor, known === null ? begun : `${known} === ${object} ? null : ${begun}`)
  return { cursor, list: null, known }
}

/** The loop; `body` emits what a round does with its key. */
export function nativeForIn(l: Lowering, nest: Nest, { node, labels }: NestedLoop, body: () => void): void {
  const { b } = l
  const header = nest.headers.get(node) as Label
  const { cursor: keys, known } = nest.iterations.get(node) as Iteration
  const next = b.label()
  const end = b.label()
  end.native = `break ${l.module.unique(l.r("loop"))}`
  if (b.block.label !== header) place(l, header, wordsOf(node))
  arrive(l, nest, header, false)
  // a variable of the loop's own: the engine then knows that it is a name of the object
  const key = l.module.unique(l.r("key"))
  const isLeft = continues(node.body, labels)
  const run = (): void =>
    round(l, next, isLeft, () => {
      bindHead(l, node, targetOf(node), key)
      body()
    })
  l.surroundings.push({ type: "loop", labels, breaks: end, continues: next, finalizer: null })
  const names = { object: nameOf(l, node) ?? l.r("over"), key, keys }
  const rounds: Counting = before => looking(l, names, end, usedUp(l, node, before), run)
  const stop = `${l.r("pc")} = ${b.number(header)}; break ${nest.name};`
  const opened = known === null ? rounds(null).opened : again(l, nest, { ...names, known }, stop, rounds)
  if (known === null) b.line(`if (${keys} !== null && ${keys}.stopped()) { ${stop} }`)
  l.surroundings.pop()
  b.goes(header)
  b.goes(end)
  b.place(end)
  if (end.jumped) opened(labelOf(end))
}

/** The texts that the two kinds of loops are made of. */
interface Names {
  readonly object: string
  readonly key: string
  readonly keys: string
}

interface Known extends Names {
  readonly known: string
}

/** Emits the loop that looks; `before` has the budget from before it, and tells how many rounds there were. */
type Counting = (before: string | null) => Rounds

interface Rounds {
  /** Puts a label in front of the loop. */
  readonly opened: (label: string) => void
  /** Emits what a round does once more. */
  readonly repeat: () => void
}

/** The loop that looks at the count in each round, and can stop. */
function looking(l: Lowering, { object, key, keys }: Names, end: Label, isUp: string, run: () => void): Rounds {
  const { b } = l
  const named = l.module.unique(l.r("w"))
  const opened = openWith(l, `for (const ${named} in ${keys} === null ? ${object} : ${keys}.over) {`)
  b.goes(end)
  b.indent++
  b.line(`let ${key} = ${named};`)
  b.line(`if (${keys} !== null && (${key} = ${keys}.take(${named})) === void 0) continue;`)
  const repeat = copied(l, run)
  const stop = `${l.module.helper("stopKeys")}(${keys}, ${object})`
  b.line(`if (${isUp}) ${keys} = ${stop};`)
  b.indent--
  b.line("}")
  return { opened, repeat }
}

/**
 * Counts a round; whether to stop. Whoever may want a stop is asked first, and a budget that was refilled does not tell any more
 * how many rounds there were.
 */
function usedUp(l: Lowering, node: Node, before: string | null): string {
  const b = l.r("b")
  const limit = calls(node.body) ? `(${limitText(l, true)} - ${PATIENCE_OF_CALLS} | 0)` : `-${PATIENCE}`
  const uncounted = before === null ? "" : `${before} = ${MANY}, `
  return `(${b} = ${b} - 1 | 0) < ${limit} && (${uncounted}${b} = ${l.module.helper("refill")}(${l.r("m")}, ${b}) | 0) < 0`
}

/** That loop, or if it went over the same object before, one that only counts. */
function again(l: Lowering, nest: Nest, names: Known, stop: string, rounds: Counting): Rounds["opened"] {
  const { b } = l
  const { object, key, keys, known } = names
  const budget = l.r("b")
  const count = l.module.unique(l.r("count"))
  const before = l.module.unique(l.r("before"))
  nest.locals.push(`${count} = 0`)
  const opened = openWith(l, `if (${keys} !== null || ${known} !== ${object} || ${budget} <= ${count}) {`)
  b.indent++
  b.line(`let ${before} = ${budget};`)
  const { repeat } = rounds(before)
  b.line(`if (${keys} === null) { ${known} = ${object}; ${count} = ${before} - ${budget} | 0; }`)
  b.line(`else if (${keys}.stopped()) { ${stop} }`)
  b.indent--
  b.line(`} else for (const ${key} in ${object}) {`)
  b.indent++
  repeat()
  b.line(`${budget} = ${budget} - 1 | 0;`)
  b.indent--
  b.line("}")
  return opened
}

/** The variable whose keys they are, if it stays the same meanwhile: by that name the engine reads `o[key]` without a search. */
function nameOf(l: Lowering, { right, start, end }: Node): string | null {
  const binding = right.type === "Identifier" ? l.analysis.refOf.get(right)?.binding : null
  if (binding?.mode !== "slot" || binding.checked || !l.owns(binding)) return null
  const inside = (node: Node): boolean => node.start >= start && node.end <= end
  return binding.refs.some(ref => ref.write && inside(ref.node)) ? null : binding.local
}
