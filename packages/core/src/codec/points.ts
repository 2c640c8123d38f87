/**
 * Owns how a resume point stands in the link table of a record: with its place, its surroundings and the names of what is
 * saved there, so that a record can be read, and compared with the code of today, by whoever has nothing but the record.
 */
import type { Code, ResumePoint } from "../code.ts"

/** A resume point as a record has it. */
export interface RecordedPoint extends ResumePoint {
  /** Id and hash of its function. */
  readonly function: string
  readonly hash: string
  /** Its number, which is another one in another version of the function. */
  readonly pc: number
}

export function textsOfPoint(code: Code, pc: number, point: ResumePoint): string[] {
  const { id, path, line, column, live, handled } = point
  const numbers = [pc, line, column, path.length, handled.length]
  return [code.id, code.hash, numbers.join(" "), id, ...path, ...handled, ...live]
}

/** Null for texts that are none of a point. */
export function pointOfTexts(texts: readonly string[]): RecordedPoint | null {
  const numbers = (texts[2] ?? "").split(" ").map(Number)
  const [pc, line, column, paths, handlers] = numbers as [number, number, number, number, number]
  if (numbers.length !== 5 || !numbers.every(n => Number.isSafeInteger(n) && n >= 0)) return null
  if (texts.length < 4 + paths + handlers) return null
  const handled = 4 + paths
  return {
    function: texts[0] as string,
    hash: texts[1] as string,
    pc,
    line,
    column,
    id: texts[3] as string,
    path: texts.slice(4, handled),
    handled: texts.slice(handled, handled + handlers),
    live: texts.slice(handled + handlers),
  }
}
