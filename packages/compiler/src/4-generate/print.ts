/** Owns the last step: position marks are taken out of the text and become mappings. */

/** Is told of a place in the output, and of the offset in the JavaScript that was compiled; all from 0. */
export type Mapped = (line: number, column: number, offset: number) => void

const ZERO = 0x30

/** Marks enclose a letter and the offset; of several at one place the last one counts. */
export function print(marked: string, mark: string, mapped: Mapped): string {
  let code = ""
  let line = 0
  /** Where the line begins in the output. */
  let start = 0
  let at = 0
  let end = marked.indexOf("\n")
  for (let next = marked.indexOf(mark); next !== -1; next = marked.indexOf(mark, at)) {
    for (; end !== -1 && end < next; end = marked.indexOf("\n", end + 1)) {
      line++
      start = code.length + end + 1 - at
    }
    if (next > at) code += marked.slice(at, next)
    let offset = 0
    for (at = next + 2; marked[at] !== mark; at++) offset = offset * 10 + marked.charCodeAt(at) - ZERO
    if (marked[++at] !== mark) mapped(line, code.length - start, offset)
  }
  return code + marked.slice(at)
}
