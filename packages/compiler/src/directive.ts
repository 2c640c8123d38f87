/**
 * Owns the directive: its text, where it stands, the comment that compiled text has in its place, and seeing that a module
 * begins with what was meant to be it. Needs no parser.
 */
import type { Program, Span } from "oxc-parser"
import type { Diagnostic } from "./diagnostics.ts"
import { lineStarts, positionAt } from "./positions.ts"

/** What a module says to have its generator functions compiled. */
export const DIRECTIVE = "use fibers"
/** Stands there afterwards. */
const COMMENT = "/* fibers"

/** The directive, if the module begins with it (comments and other directives may come first). */
export function findDirective(program: Program): Span | null {
  for (const statement of program.body) {
    if (!("directive" in statement) || typeof statement.directive !== "string") return null
    if (statement.directive === DIRECTIVE) return statement
  }
  return null
}

/**
 * Puts a comment in the place of the directive, so that no second tool compiles compiled text and no bundler warns of
 * it. No place moves. `head` is the text with which the module begins, up to its last directive.
 */
export function markCompiled(head: string, { start, end }: Span): string {
  const blank = head.slice(start + COMMENT.length, end - 2).replace(/[^\r\n\u2028\u2029]/g, " ")
  return `${head.slice(0, start)}${COMMENT}${blank}*/${head.slice(end)}`
}

const alike = /^\s*use[\s_-]*fib(?:er|re)s?\s*$/i
const between = /(?:[\s;]|\/\/.*|\/\*[\s\S]*?\*\/)*/y
const string = /(["'])((?:(?!\1)[^\\\r\n])*)\1/y

/** Says where a module without the directive has something among its directives that only looks like it. */
export function mistypedDirective(source: string, file: string): Diagnostic[] {
  if (!/fib/i.test(source)) return []
  let at = source.startsWith("#!") ? source.search(/[\r\n]|$/) : 0
  for (;;) {
    between.lastIndex = at
    between.exec(source)
    string.lastIndex = between.lastIndex
    const found = string.exec(source)
    if (found === null || found[2] === DIRECTIVE) return []
    if (alike.test(found[2] as string)) return [mistyped(source, file, found[0], found.index)]
    at = string.lastIndex
  }
}

function mistyped(source: string, file: string, text: string, offset: number): Diagnostic {
  return {
    code: "ROVE_DIRECTIVE",
    severity: "warning",
    message: `${text} is not the directive and does nothing: the module is not compiled`,
    hint: `write "${DIRECTIVE}"`,
    file,
    ...positionAt(lineStarts(source), offset),
  }
}
