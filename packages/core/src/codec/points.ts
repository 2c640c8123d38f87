/**
 * Owns how a resume point stands in the link table of a record: with its place, its surroundings and the names of what is
 * saved there, so that a record can be read, and compared with the code of today, by whoever has nothing but the record.
 */
import type { Code, ResumePoint } from "../code.ts"
import { piecesOf } from "../pieces.ts"

/** A resume point as a record has it. */
export interface RecordedPoint extends ResumePoint {
  /** Id and hash of its function. */
  readonly function: string
  readonly hash: string
  /** Its number, which is another one in another version of the function. */
  readonly pc: number
  /** Of `live`, what was in a cell; and of the captured variables, by their place. */
  readonly cells: readonly string[]
  readonly capturedCells: readonly number[]
}

/** Cells are counted only where there are some. */
export function textsOfPoint(code: Code, pc: number, point: ResumePoint): string[] {
  const { id, path, line, column, live, handled } = point
  const cells = cellsAt(code, point)
  const captured = code.capturedCells ?? []
  const inCells = cells.length + captured.length > 0 ? [cells.length, captured.length] : []
  const numbers = [pc, line, column, path.length, handled.length, ...inCells]
  const lists = [path, handled, cells, captured.map(String), live]
  return [code.id, code.hash, numbers.join(" "), id, ...lists.flat()]
}

/** A function that has not begun has its parameters as they were given. */
export function cellsAt({ cells = [] }: Code, { id, live }: ResumePoint): readonly string[] {
  return id === "start" ? [] : cells.filter(name => live.includes(name))
}

/** Null for texts that are none of a point. */
export function pointOfTexts(texts: readonly string[]): RecordedPoint | null {
  const numbers = piecesOf(texts[2] ?? "", " ").map(Number)
  if (!(numbers.length === 5 || numbers.length === 7) || !numbers.every(isCount)) return null
  // by index: a pattern would ask for a `return` that a program put on the prototype of iterators
  const at = (i: number) => (i < numbers.length ? (numbers[i] as number) : 0)
  const handled = 4 + at(3)
  const cells = handled + at(4)
  const indices = cells + at(5)
  const live = indices + at(6)
  if (texts.length < live) return null
  const capturedCells = texts.slice(indices, live).map(Number)
  if (!capturedCells.every(isCount)) return null
  return {
    function: texts[0] as string,
    hash: texts[1] as string,
    pc: at(0),
    line: at(1),
    column: at(2),
    id: texts[3] as string,
    path: texts.slice(4, handled),
    handled: texts.slice(handled, cells),
    cells: texts.slice(cells, indices),
    capturedCells,
    live: texts.slice(live),
  }
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}
