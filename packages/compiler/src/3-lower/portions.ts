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

export function portionsOf(elements: readonly Element[]): readonly (readonly Element[])[] {
  const portions: Element[][] = [[]]
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
export function joined(
  l: Lowering,
  portions: readonly (readonly Element[])[],
  textOf: (portion: readonly Element[]) => string,
): string {
  const list = l.temporary()
  for (const [i, portion] of portions.entries())
    l.scoped(() => {
      const text = textOf(portion)
      l.assign(list, i === 0 ? text : `${l.module.helper("joined")}(${l.use(list)}, ${text})`)
    })
  return list
}
