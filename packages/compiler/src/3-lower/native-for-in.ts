/**
 * Owns `for-in` loops of nests that the engine runs: over the object itself, and behind a stop over a cursor. There is no
 * cursor before: an object in each loop took a quarter of short loops' time.
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

/** Rounds that are made when the budget is used up: to stop, it has to list all keys that are left. */
const PATIENCE = 256

/** What the loop does once; gives the slot that is null until it stops, and then has the keys that are left. */
export function beginNativeForIn(l: Lowering, node: Node): string {
  beginHead(l, node)
  if (nameOf(l, node) === null) {
    l.overs = true
    l.scoped(() => l.b.line(`${l.r("over")} = ${expression(l, node.right, true)};`))
  }
  const keys = l.slot("keys")
  l.assign(keys, "null")
  return keys
}

/** The loop; `body` emits what a round does with its key. */
export function nativeForIn(l: Lowering, nest: Nest, { node, labels }: NestedLoop, body: () => void): void {
  const { b } = l
  const header = nest.headers.get(node) as Label
  const { cursor: keys } = nest.iterations.get(node) as Iteration
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
  const rounds = (): Rounds => looking(l, names, end, usedUp(l, node), run)
  const stop = `${l.r("pc")} = ${b.number(header)}; break ${nest.name};`
  const isAgain = nest.headers.size > 1 && isShort(node.body) && !calls(node.body)
  const opened = isAgain ? again(l, nest, names, stop, rounds) : rounds().opened
  if (!isAgain) b.line(`if (${keys} !== null && ${keys}.stopped()) { ${stop} }`)
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

/** Counts a round; whether to stop. Behind a call patience would be too long, so the look around comes before the stop. */
function usedUp(l: Lowering, node: Node): string {
  const b = l.r("b")
  const counted = `(${b} = ${b} - 1 | 0)`
  if (!calls(node.body)) return `${counted} < -${PATIENCE}`
  return `${counted} < ${limitText(l, true)} && (${b} = ${l.module.helper("refill")}(${l.r("m")}, ${b})) < 0`
}

/** That loop, or if it went over the same object before, one that only counts. */
function again(l: Lowering, nest: Nest, names: Names, stop: string, rounds: () => Rounds): Rounds["opened"] {
  const { b } = l
  const { object, key, keys } = names
  const budget = l.r("b")
  const [known, count, before] = ["known", "count", "before"].map(x => l.module.unique(l.r(x)))
  nest.locals.push(`${known}`, `${count} = 0`)
  const opened = openWith(l, `if (${keys} !== null || ${known} !== ${object} || ${budget} <= ${count}) {`)
  b.indent++
  b.line(`const ${before} = ${budget};`)
  const { repeat } = rounds()
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
