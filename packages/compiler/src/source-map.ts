/**
 * Owns source maps: from compiled text over plain JavaScript back to the source that the user wrote.
 *
 * Two steps meet here: types were stripped (a map of oxc-transform, or nothing for plain JavaScript), then generators
 * were lowered (pairs of a generated place and an offset in the JavaScript).
 */
import { addSegment, GenMapping, setSourceContent, toEncodedMap } from "@jridgewell/gen-mapping"
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { lineStarts, type Position, positionAt } from "./positions.ts"
import type { SourceMap } from "./strip.ts"

/** Generated line, generated column (from 0), offset in the JavaScript. */
export type Mapping = readonly [generatedLine: number, generatedColumn: number, offset: number]

/** Finds the place in the source for an offset in the stripped JavaScript. */
export type Locate = (offset: number) => Position

/** How to find places of the source, given the stripped text and the mappings that lead from it to the source. */
export function locator(js: string, mappings: string | null): Locate {
  const starts = lineStarts(js)
  if (mappings === null) return offset => positionAt(starts, offset)
  const trace = new TraceMap({ version: 3, sources: ["source"], names: [], mappings })
  return offset => {
    const { line, column } = positionAt(starts, offset)
    const found = originalPositionFor(trace, { line, column: column - 1 })
    // Text that the stripping made (an enum's function, say) may stand before any mapping of its line.
    return found.line === null ? { line: 1, column: 1 } : { line: found.line, column: found.column + 1 }
  }
}

/** The map of compiled text to its source. `file` is how stacks will name the source. */
export function composeMap(mappings: readonly Mapping[], locate: Locate, file: string, content: string): SourceMap {
  const map = new GenMapping()
  setSourceContent(map, file, content)
  for (const [line, column, offset] of mappings) {
    const place = locate(offset)
    addSegment(map, line, column, file, place.line - 1, place.column - 1)
  }
  const encoded = toEncodedMap(map)
  return { version: 3, sources: [file], sourcesContent: [content], names: [], mappings: encoded.mappings }
}

/** The map as a comment that Node and debuggers read. */
export function inlineMap(map: SourceMap): string {
  return `\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}\n`
}
