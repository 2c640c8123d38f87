/**
 * Owns splitting texts. `split` asks the text that it is given for a `Symbol.split`, and so runs what a program has put on
 * the prototype of texts or of all objects; there nobody can look, because it may be an accessor.
 */
import { append } from "./codec/list.ts"

/** What stands between the separators, of which each is one character. */
export function piecesOf(text: string, separator: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
    append(pieces, text.slice(from, at))
    from = at + separator.length
  }
  append(pieces, text.slice(from))
  return pieces
}
