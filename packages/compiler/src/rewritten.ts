/** Owns what is done to the output of oxc before anybody else sees it: a text that was changed, and its map to the source. */
import { children, type Node } from "./2-analyze/nodes.ts"
import { parser } from "./parser.ts"
import { lineStarts, positionAt } from "./positions.ts"
import { type Locate, MapWriter } from "./source-map.ts"
import type { Language, SourceKind } from "./strip.ts"

export interface Rewritten {
  readonly js: string
  /** From `js` to the source. */
  readonly map: string
}

export function parsed(text: string, lang: Language, sourceType: SourceKind): Node {
  return parser.parse(`a.${lang}`, text, { lang, sourceType }).program as Node
}

/** The map of a text: where all that can stand in a stack or in a message came from. */
export function mappingsOf(js: string, kind: SourceKind, locate: Locate): string {
  const places = new Set<number>()
  const look = (node: Node): void => {
    places.add(node.start)
    for (const child of children(node)) look(child)
  }
  look(parsed(js, "js", kind))
  const starts = lineStarts(js)
  const writer = new MapWriter(locate)
  for (const offset of [...places].sort((a, b) => a - b)) {
    const { line, column } = positionAt(starts, offset)
    writer.add(line - 1, column - 1, offset)
  }
  return writer.mappings
}
