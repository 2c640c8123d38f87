/**
 * Owns source maps: from compiled text over plain JavaScript back to the source that the user wrote.
 *
 * Two steps meet here: types were stripped (a map of oxc-transform, or nothing for plain JavaScript), then generators
 * were lowered (generated places and offsets in the JavaScript). Tables of numbers: objects for each took twice as long.
 */
import { lineAt, lineStarts, type Position, positionAt } from "./positions.ts"
import type { SourceMap } from "./strip.ts"
import { COMMA, LONGEST, Reader, SEMICOLON, write } from "./vlq.ts"

/** Finds the place in the source for an offset in the stripped JavaScript. */
export type Locate = (offset: number) => Position

/** How to find places of the source, given the stripped text and the mappings that lead from it to the source. */
export function locator(js: string, mappings: string | null): Locate {
  return mappings === null ? inText(js) : inMapped(js, mappings)
}

/** Places in a text of which most callers ask for none: the map is read when the first is asked for. */
function inMapped(js: string, mappings: string): Locate {
  let find: Locate | null = null
  return offset => {
    find ??= inSegments(js, mappings)
    return find(offset)
  }
}

function inSegments(js: string, mappings: string): Locate {
  const starts = lineStarts(js)
  const { first, cells } = decoded(mappings)
  let line = 0
  return offset => {
    // most are asked for in the order of the text
    if (!(offset >= (starts[line] as number) && offset < (starts[line + 1] ?? 0))) line = lineAt(starts, offset)
    const i = segmentAt(cells, first[line] ?? 0, first[line + 1] ?? 0, offset - (starts[line] as number))
    const found = i === -1 ? NOWHERE : (cells[i * CELLS + 1] as number)
    return found === NOWHERE ? UNKNOWN : { line: found, column: cells[i * CELLS + 2] as number }
  }
}

/** Places in a text that nothing was taken from, which may never be asked for. */
function inText(text: string): Locate {
  let starts: readonly number[] | null = null
  return offset => {
    starts ??= lineStarts(text)
    return positionAt(starts, offset)
  }
}

/** Text that the stripping made (an enum's function, say) may stand before any mapping of its line. */
const UNKNOWN: Position = { line: 1, column: 1 }

/** The segments of a map, in the order of the generated text. */
interface Segments {
  /** The first segment of each generated line, and behind the last line the number of them. */
  readonly first: readonly number[]
  /** Of each segment the generated column, from 0, the line in the source, from 1, or NOWHERE, and the column, from 1. */
  readonly cells: Int32Array
}

const CELLS = 3
const NOWHERE = 0

function decoded(mappings: string): Segments {
  const first = [0]
  // a segment has a character at least, and one behind it
  const cells = new Int32Array(CELLS * ((mappings.length + 1) >> 1))
  let end = 0
  const reader = new Reader(mappings)
  let [column, line, original] = [0, 0, 0]
  while (reader.at < mappings.length) {
    const code = mappings.charCodeAt(reader.at)
    if (code === COMMA || code === SEMICOLON) {
      reader.at++
      if (code === COMMA) continue
      first.push(end)
      column = 0
      continue
    }
    column += reader.next()
    const isMapped = reader.has()
    if (isMapped) {
      reader.next() // there is one source
      line += reader.next()
      original += reader.next()
      if (reader.has()) reader.next() // a name
    }
    const at = CELLS * end++
    cells[at] = column
    cells[at + 1] = isMapped ? line + 1 : NOWHERE
    cells[at + 2] = original + 1
  }
  first.push(end)
  return { first, cells }
}

/** The last segment of the line that begins at or before the column, of equal ones the first; -1: none does. */
function segmentAt(cells: Int32Array, from: number, to: number, column: number): number {
  let low = from - 1
  let high = to - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((cells[middle * CELLS] as number) <= column) low = middle
    else high = middle - 1
  }
  if (low < from) return -1
  while (low > from && cells[low * CELLS] === column && cells[(low - 1) * CELLS] === column) low--
  return low
}

/** Writes the mappings of a compiled text, from its beginning to its end. */
export class MapWriter {
  private readonly locate: Locate
  private bytes: Buffer = Buffer.allocUnsafe(1 << 16)
  private end = 0
  private line = 0
  private column = 0
  private sourceLine = 1
  private sourceColumn = 1
  constructor(locate: Locate) {
    this.locate = locate
  }

  /** A place in the compiled text, counted from 0, and an offset in the JavaScript that it leads to. */
  readonly add = (line: number, column: number, offset: number): void => {
    this.reserve(line - this.line + 1 + 4 * LONGEST)
    const { bytes } = this
    if (line > this.line) this.column = 0
    else if (this.end > 0) bytes[this.end++] = COMMA
    for (; this.line < line; this.line++) bytes[this.end++] = SEMICOLON
    const place = this.locate(offset)
    let end = write(bytes, this.end, column - this.column)
    end = write(bytes, end, 0)
    end = write(bytes, end, place.line - this.sourceLine)
    this.end = write(bytes, end, place.column - this.sourceColumn)
    this.column = column
    this.sourceLine = place.line
    this.sourceColumn = place.column
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(2 * this.bytes.length + more)
    this.bytes.copy(larger)
    this.bytes = larger
  }

  /** What was written, as the `mappings` of a map. */
  get mappings(): string {
    return this.bytes.toString("latin1", 0, this.end)
  }
}

/** The map as a comment that Node and debuggers read. */
export function inlineMap(map: SourceMap): string {
  return `\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}\n`
}
