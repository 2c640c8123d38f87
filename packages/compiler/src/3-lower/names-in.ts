/**
 * Owns the names in an emitted line: the identifiers that are no properties. Every line is looked through, so it goes
 * from character to character; text with others than ASCII's takes a regular expression, which is slower.
 *
 * What stands in a string is no name: a variable that a message or a path names would be saved for that. A string is told for
 * certain only where no regular expression, template or comment can have begun; behind the first `/` or backtick all counts.
 */

/** Is told where in a text each name is, perhaps more than once. */
export type Found = (text: string, from: number, to: number) => void

/** An identifier, with what makes it a property's name or a private one in front. */
const identifiers = /(\.{3}|\.|#)?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu

/**
 * Finds the names in the text, from a place on, but for one that stands there and is given a value. `mark` encloses
 * placeholders.
 */
export function namesIn(text: string, mark: string, found: Found, from = 0): void {
  if (scan(text, from, mark.charCodeAt(0), found)) return
  const plain = withoutStrings(without(text.slice(from), mark))
  const start = /^([\p{ID_Start}$_][\p{ID_Continue}$]*) = /u.exec(plain)?.[0].length ?? 0
  const rest = plain.slice(start)
  for (const { 0: whole, 1: before, 2: name = "", index } of rest.matchAll(identifiers)) {
    const end = index + whole.length
    if (before !== "." && before !== "#") found(rest, end - name.length, end)
  }
}

function without(text: string, mark: string): string {
  const parts = text.split(mark)
  let plain = ""
  for (let i = 0; i < parts.length; i += 2) plain += parts[i]
  return plain
}

function withoutStrings(text: string): string {
  let plain = ""
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === SLASH || code === BACKTICK) break
    if (code !== SINGLE && code !== DOUBLE) continue
    const end = stringEnd(text, at)
    if (end < 0) break
    plain += `${text.slice(from, at)}""`
    from = end
    at = end - 1
  }
  return plain + text.slice(from)
}

/** Where the string ends that begins there; -1 if it does not on that line. */
function stringEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code === NEWLINE) return -1
    if (code === BACKSLASH) at++
  }
  return -1
}

const SPACE = 1
const LETTER = 2
const DIGIT = 4
const BEYOND = 8
/** What each character is in a name; beyond ASCII that is not told. */
const kinds = new Uint8Array(1 << 16).fill(BEYOND)
for (let code = 0; code < 128; code++) {
  const c = String.fromCharCode(code)
  kinds[code] = /\s/.test(c) ? SPACE : /[A-Za-z$_]/.test(c) ? LETTER : /\d/.test(c) ? DIGIT : 0
}

/** Gives whether it came to the end: at the first character beyond ASCII it gives up. */
function scan(text: string, start: number, mark: number, found: Found): boolean {
  const { length } = text
  let begins = true
  /** Dots right in front of a name: three spread its value, one makes it a property. */
  let dots = 0
  let hash = false
  let hasStrings = true
  for (let at = start; at < length; ) {
    const code = text.charCodeAt(at)
    const kind = kinds[code] as number
    if (kind === LETTER) {
      const from = at
      let behind = 0
      while (++at < length) {
        behind = text.charCodeAt(at)
        if (((kinds[behind] as number) & (LETTER | DIGIT)) === 0) break
      }
      if (behind >= 128 && behind !== mark) return false
      const isTarget = begins && text.startsWith(" = ", at)
      if (!isTarget && !hash && dots % 3 === 0) found(text, from, at)
      begins = hash = false
      dots = 0
      continue
    }
    if (kind === BEYOND) {
      if (code !== mark) return false
      while (++at < length && text.charCodeAt(at) !== mark);
      at++
      continue
    }
    at++
    begins = false
    if (kind === SPACE) continue
    if (hasStrings) {
      if (code === SLASH || code === BACKTICK) hasStrings = false
      else if (code === SINGLE || code === DOUBLE) {
        const end = stringEnd(text, at - 1)
        hasStrings = end >= 0
        if (hasStrings) {
          at = end
          dots = 0
          hash = false
          continue
        }
      }
    }
    dots = code === DOT ? dots + 1 : 0
    hash = code === HASH
  }
  return true
}

const NEWLINE = 0x0a
const DOUBLE = 0x22
const SINGLE = 0x27
const SLASH = 0x2f
const BACKSLASH = 0x5c
const BACKTICK = 0x60
const DOT = 0x2e
const HASH = 0x23
const EQUALS = 0x3d
const GREATER = 0x3e

/** Whether what follows on a name is `=`, and neither `==` nor `=>`: it is only given a value. */
export function isAssigned(text: string, from: number): boolean {
  let at = from
  while (kinds[text.charCodeAt(at)] === SPACE) at++
  if (text.charCodeAt(at) !== EQUALS) return false
  const next = text.charCodeAt(at + 1)
  return next !== EQUALS && next !== GREATER
}
