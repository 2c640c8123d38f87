/**
 * Owns cutting long lists of operands into portions. Each stop keeps what was evaluated before it, in a text of its own: without
 * portions the text would grow with the square of their number.
 */
import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Lowering } from "./lowering.ts"

/** So many stops are in one. */
const PORTION = 16

type Element = Node | null

/** Gives the part of what is kept in texts; `moved` has other texts for them. */
interface Parts<Part> {
  of(node: Node, later: boolean): Part
  moved(part: Part, placeOf: (text: string) => string): Part
}

export function portionsOf<E extends Element>(elements: readonly E[]): readonly (readonly E[])[] {
  const portions: E[][] = [[]]
  let stops = 0
  for (const element of elements) {
    const stopsHere = element !== null && suspends(element)
    if (stopsHere && stops === PORTION) {
      portions.push([])
      stops = 0
    }
    if (stopsHere) stops++
    portions.at(-1)?.push(element)
  }
  return portions
}

/** Whether arguments become a spread that the source has not: what cannot be called has another message then. */
export function isCut(args: readonly Node[]): boolean {
  return args.length > PORTION && portionsOf(args).length > 1 && !args.some(({ type }) => type === "SpreadElement")
}

/** The temporary with the list of all that is in the portions, of which `textOf` makes lists. */
export function joined<E extends Element>(
  l: Lowering,
  portions: readonly (readonly E[])[],
  textOf: (portion: readonly E[], list: string) => string,
): string {
  const list = l.temporary()
  for (const [i, portion] of portions.entries())
    l.scoped(() => {
      const text = textOf(portion, list)
      l.assign(list, i === 0 ? text : `${l.module.helper("joined")}(${l.use(list)}, ${text})`)
    })
  return list
}

/**
 * The parts of what is made once all of them are there. Those in front of a later stop are kept in temporaries, and those of a
 * complete portion in one list.
 */
export function collected<Part>(l: Lowering, nodes: readonly Node[], parts: Parts<Part>): readonly Part[] {
  const portions = portionsOf(nodes)
  const last = portions.at(-1) as readonly Node[]
  const lastOnes = () => last.map((node, i) => parts.of(node, last.slice(i + 1).some(suspends)))
  if (portions.length === 1) return lastOnes()
  const all: Part[] = []
  let length = 0
  const whole = joined(l, portions.slice(0, -1), (portion, list) => {
    const own = portion.map(node => parts.of(node, true))
    const kept = new Map<string, string>()
    const placeOf = (text: string): string => {
      if (!l.temporaries.includes(text)) return text
      if (!kept.has(text)) kept.set(text, `${list}[${length++}]`)
      return kept.get(text) as string
    }
    for (const part of own) all.push(parts.moved(part, placeOf))
    return `[${[...kept.keys()].map(name => l.use(name)).join(", ")}]`
  })
  all.push(...lastOnes())
  l.use(whole)
  return all
}
