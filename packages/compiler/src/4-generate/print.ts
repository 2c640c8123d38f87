/** Owns the last step: position marks are taken out of the text and become mappings. */

/** Is told of a place in the output, and of the offset in the JavaScript that was compiled; all from 0. */
export type Mapped = (line: number, column: number, offset: number) => void

const ZERO = 0x30
const NONE = -1

/**
 * Marks enclose a letter and the offset; of several at one place the last one counts. The text comes in pieces: as one it
 * would be copied once more, to a place that the engine has to get from the system.
 */
export function print(pieces: readonly string[], mark: string, mapped: Mapped): string {
  const enclosing = mark.charCodeAt(0)
  let code = ""
  let line = 0
  /** Where the line begins in the output. */
  let start = 0
  /** The mark in front of what comes next. */
  let offset = NONE
  for (const piece of pieces) {
    let newline = piece.indexOf("\n")
    for (let at = 0; at < piece.length; ) {
      const next = piece.indexOf(mark, at)
      const end = next === -1 ? piece.length : next
      if (end > at) {
        if (offset !== NONE) mapped(line, code.length - start, offset)
        for (; newline !== -1 && newline < end; newline = piece.indexOf("\n", newline + 1)) {
          line++
          start = code.length + newline + 1 - at
        }
        code += piece.slice(at, end)
        offset = NONE
      }
      if (next === -1) break
      offset = 0
      at = next + 2
      for (let digit = piece.charCodeAt(at); digit !== enclosing; digit = piece.charCodeAt(++at))
        offset = offset * 10 + digit - ZERO
      at++
    }
  }
  if (offset !== NONE) mapped(line, code.length - start, offset)
  return code
}
