/** Owns the last step: position marks are taken out of the text and become mappings. */

/** Lines and columns in the output, and offsets in the JavaScript that was compiled; all from 0. */
export interface Mappings {
  readonly lines: readonly number[]
  readonly columns: readonly number[]
  readonly offsets: readonly number[]
}

/** Marks enclose a letter and the offset; of several at one place the last one counts. */
export function print(marked: string, mark: string): { code: string; mappings: Mappings } {
  const lines: number[] = []
  const columns: number[] = []
  const offsets: number[] = []
  let code = ""
  let line = 0
  /** Where the line begins, as if the text had no marks. */
  let start = 0
  let at = 0
  for (let next = marked.indexOf(mark); next !== -1; next = marked.indexOf(mark, at)) {
    for (let end = marked.indexOf("\n", at); end !== -1 && end < next; end = marked.indexOf("\n", end + 1)) {
      line++
      start = code.length + end + 1 - at
    }
    code += marked.slice(at, next)
    const column = code.length - start
    const last = lines.length - 1
    const i = lines[last] === line && columns[last] === column ? last : last + 1
    at = marked.indexOf(mark, next + 1) + 1
    lines[i] = line
    columns[i] = column
    offsets[i] = Number(marked.slice(next + 2, at - 1))
  }
  return { code: code + marked.slice(at), mappings: { lines, columns, offsets } }
}
