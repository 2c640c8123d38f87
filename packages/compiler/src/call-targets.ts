/**
 * Owns calls that are assigned to, as in `f() = 1` and `f()++`: for the sake of the web engines call, and then throw a
 * ReferenceError, where the language has an early error and the parser stops.
 *
 * The call becomes the object of a key that throws, as V8 itself rewrites it.
 */
import { type Parsed, parser } from "./parser.ts"

/** Text that was put in, by the offset behind which it stands in the result. */
interface Insertion {
  readonly at: number
  readonly length: number
}

export interface Accepted {
  readonly js: string
  readonly result: Parsed
  /** The offset in the text that was given. */
  readonly origin: (offset: number) => number
}

const REFUSED = "Cannot assign to this expression"
/** What may stand between two words, as a pattern. */
export const SPACE = String.raw`(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*`
const UPDATED = new RegExp(`^${SPACE}\\)*${SPACE}(?:\\+\\+|--)`)
const ASSIGNED = new RegExp(`^(?:${SPACE}\\))*${SPACE}(?:[-+*/%&|^]|\\*\\*|<<|>>>?)?=(?!=|>)`)
const HEAD = new RegExp(`^${SPACE}(?:in|of)\\b`)
const PREFIXED = /(?:\+\+|--)[\s(]*$/

/** Parses, with keys that throw behind calls that are assigned to. `given`: the text as it was parsed already. */
export function acceptingCalls(js: string, parse: (js: string) => Parsed, given: Parsed = parse(js)): Accepted {
  if (given.errors.length === 0 || js.includes("ReferenceError")) return { js, result: given, origin: offset => offset } // which might be a variable of the program
  const insertions: Insertion[] = []
  let text = js
  let result = given
  for (let at = callIn(text, result.errors); at !== null; at = callIn(text, result.errors)) {
    const key = `[(() => { throw new ReferenceError(${JSON.stringify(at.message)}) })()]`
    text = text.slice(0, at.end) + key + text.slice(at.end)
    insertions.push({ at: at.end, length: key.length })
    result = parse(text)
  }
  return { js: text, result, origin: offset => originOf(insertions, offset) }
}

/** The call that the parser stopped at, and what engines say when they have called it. */
function callIn(js: string, [error]: Parsed["errors"]): { end: number; message: string } | null {
  const label = error?.message === REFUSED ? error.labels[0] : undefined
  if (label?.end === undefined) return null
  const end = callEnd(js, label.start, label.end)
  if (end === null) return null
  const message = messageOf(js.slice(0, label.start), js.slice(label.end))
  return message === null ? null : { end, message }
}

/** Where a call ends that may stand in parentheses; null for anything else. */
function callEnd(js: string, start: number, end: number): number | null {
  const { program } = parser.parse("target.js", `async function* f() { (${js.slice(start, end)}) }`, {
    lang: "js",
    sourceType: "script",
    preserveParens: false,
  })
  const [f] = program.body
  const statement = f?.type === "FunctionDeclaration" ? f.body?.body[0] : undefined
  if (statement?.type !== "ExpressionStatement" || statement.expression.type !== "CallExpression") return null
  return start + statement.expression.end - "async function* f() { (".length
}

function messageOf(before: string, after: string): string | null {
  if (PREFIXED.test(before)) return "Invalid left-hand side expression in prefix operation"
  if (UPDATED.test(after)) return "Invalid left-hand side expression in postfix operation"
  if (ASSIGNED.test(after)) return "Invalid left-hand side in assignment"
  return HEAD.test(after) ? "Invalid left-hand side in for-loop" : null
}

/** Where something was in a text before these were put in, one after the other. */
export function originOf(insertions: readonly Insertion[], offset: number): number {
  let at = offset
  for (let i = insertions.length - 1; i >= 0; i--) {
    const { at: from, length } = insertions[i] as Insertion
    if (at > from) at = at < from + length ? from : at - length
  }
  return at
}
