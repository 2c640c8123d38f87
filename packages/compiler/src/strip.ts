/**
 * Owns the way from TypeScript and JSX to plain JavaScript: what language a file is in, and taking types away.
 *
 * Plain JavaScript is left byte for byte. Everything else is printed again by oxc-transform, which also lowers enums,
 * namespaces, parameter properties, `import x = require()` and JSX.
 */
import { transformSync } from "oxc-transform"
import { orderDecorators } from "./decorator-order.ts"
import type { Finding } from "./diagnostics.ts"
import { linkExports } from "./namespace-exports.ts"
import { oxcOptions, withHelpers } from "./oxc-options.ts"
import { locator } from "./source-map.ts"
import type { TypeScriptOptions } from "./tsconfig.ts"

export type Language = "js" | "jsx" | "ts" | "tsx"
export type SourceKind = "module" | "commonjs" | "script"

const languages: Readonly<Record<string, Language>> = {
  js: "js",
  mjs: "js",
  cjs: "js",
  jsx: "jsx",
  ts: "ts",
  mts: "ts",
  cts: "ts",
  tsx: "tsx",
}

/** The language of a file or module id by its extension; JavaScript if it has none that we know. */
export function languageOf(name: string): Language {
  return languages[name.slice(name.lastIndexOf(".") + 1)] ?? "js"
}

/** A version 3 source map, as tools exchange it. */
export interface SourceMap {
  readonly version: 3
  readonly sources: readonly string[]
  readonly sourcesContent: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

export interface StripOptions {
  readonly kind: SourceKind
  /** Keep imports that nothing uses, as Node's own type stripping does; else TypeScript's rule: they may be types. */
  readonly verbatim?: boolean
  /** Name `.js` where relative imports name `.ts`, for output that is written to disk. */
  readonly rewriteImports?: boolean
  /** What `tsconfig.json` says of the file. */
  readonly typescript?: TypeScriptOptions
  /** The output is run by Node as it is, not by a bundler: modules get the `require` that `import x = require()` needs. */
  readonly forNode?: boolean
}

export interface Stripped {
  readonly js: string
  /** From `js` to the source; null if they are the same text. */
  readonly map: string | null
  readonly errors: readonly Finding[]
}

/** Takes types, enums and JSX away from a source whose name tells the language. */
export function strip(source: string, name: string, options: StripOptions): Stripped {
  const lang = languageOf(name)
  const names = options.rewriteImports === true && /\.[cm]?tsx?["']/.test(source)
  if (lang === "js" && !names) return { js: source, map: null, errors: [] }
  const given = options.typescript ?? {}
  const settings = oxcOptions(given, lang.startsWith("ts"))
  const result = transformSync(name, source, {
    ...settings,
    lang,
    sourceType: options.kind,
    sourcemap: true,
    target: "esnext",
    typescript: {
      ...settings.typescript,
      onlyRemoveTypeImports: options.verbatim === true || given.verbatimModuleSyntax === true,
      rewriteImportExtensions: options.rewriteImports === true,
    },
  })
  const bytes = result.errors.length > 0 ? Buffer.from(source) : null
  const offset = (byte: number) => bytes?.toString("utf8", 0, byte).length ?? 0 // its labels count bytes, the parser's do not
  const errors = syntaxErrors(result.errors, source, offset)
  const mapped = { js: result.code, map: result.map?.mappings ?? "" }
  const places = errors.length > 0 ? null : locator(mapped.js, mapped.map)
  const { js: plain, map } = (places && orderDecorators(mapped.js, options.kind, places)) ?? mapped
  const code = withHelpers(options.kind === "module" ? plain : withoutMark(plain, source))
  const js = withRequire(code, source, options)
  const linked = errors.length > 0 ? null : linkExports(source, lang, js, options.kind, locator(js, map))
  return { js, map, ...linked, errors }
}

/** What oxc leaves of a file whose imports and exports were types: the mark of a module, which the file may not be. */
const MARK = /\bexport\s*\{\s*\}[\s;]*$/

/** The text without the mark of a module that the source itself does not have. */
export function withoutMark(js: string, source: string): string {
  return /\bexport\s*\{\s*\}/.test(source) ? js : js.replace(MARK, "")
}

const REQUIRED = /^((?:export )?const [\w$]+ = )require\(("(?:[^"\\]|\\.)*")\);$/gm

/**
 * What `import x = require()` became, as TypeScript has it where Node runs the output: a module has a `require`, and a
 * relative path names what was written. What is added stands at the end and is hoisted, so that directives and places stay.
 */
function withRequire(js: string, source: string, { kind, rewriteImports, forNode }: StripOptions): string {
  if (forNode !== true || !/\bimport\s+[\w$]+\s*=\s*require\b/.test(source)) return js
  const isModule = kind === "module"
  let name = isModule ? "$require" : "require"
  while (isModule && js.includes(name)) name += "_"
  const code = js.replace(REQUIRED, (_, declared: string, path: string) => {
    return `${declared}${name}(${rewriteImports === true ? written(path) : path});`
  })
  if (!isModule) return code
  return `${code}import { createRequire as ${name}_made } from "node:module";
function ${name}(id) { return ${name}_made(import.meta.url)(id); }
`
}

/** The specifier in quotes, as oxc rewrites those of imports. */
function written(path: string): string {
  return /^"\.\.?\//.test(path) ? path.replace(/\.([cm]?)tsx?"$/, '.$1js"') : path
}

/** As both the parser and the transformer report them. */
export interface OxcError {
  readonly severity: string
  readonly message: string
  readonly labels: readonly { readonly start: number }[]
  readonly helpMessage: string | null
}

/** What the parser cannot know: in fibers one waits by `yield*`, which stands in generator functions alone. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^`for await` loops are only allowed/,
    "in a generator function that a fiber runs write `for (const x of each(source))`; else make the function async",
  ],
  [
    /^(?:`await` is only allowed|The keyword 'await' is reserved$)/,
    "in a generator function write `yield* wait(promise)`, and `yield*` alone before an operation, as `handle.join()` is one; else make the function async",
  ],
  [
    /^The keyword 'yield' is reserved$/,
    "`yield` stands in a generator function: write `function*` (an arrow function, or a callback of `forEach` or `map`, is none: use a loop)",
  ],
]

/** The parser's own errors in a text, as findings, with hints that know of fibers. */
export function syntaxErrors(
  errors: readonly OxcError[],
  text: string,
  offset: (label: number) => number = label => label,
): readonly Finding[] {
  return errors
    .filter(error => error.severity === "Error")
    .map(({ message, labels, helpMessage }) => {
      const at = offset(labels[0]?.start ?? 0)
      const known = HINTS.find(([said]) => said.test(message))?.[1]
      const hint =
        (isAwaitUsing(text, at) ? AWAIT_USING : known) ??
        (isYieldIn(text, at) ? YIELD_IN : isProduct(text, at) ? PRODUCT : helpMessage) ??
        ""
      return { code: "ROVE_SYNTAX" as const, severity: "error" as const, message, hint, offset: at }
    })
}

const AWAIT_USING =
  "in a generator function write `using x = …`, or, of what has no `Symbol.dispose`, `yield* defer(function* () { yield* wait(x[Symbol.asyncDispose]()) })`; else make the function async"

function isAwaitUsing(text: string, at: number): boolean {
  return /^await\s+using\s+[\p{ID_Start}$_]/u.test(text.slice(at, at + 200))
}

const YIELD_IN = "the parser takes no `in` behind a `yield` without a value: write `(yield) in`"

/** Whether the parser stopped at an `in` that stands behind a `yield`. */
function isYieldIn(text: string, at: number): boolean {
  return /^in\b/.test(text.slice(at, at + 3)) && /\byield\s*$/.test(text.slice(0, at))
}

const PRODUCT = "a field in front of a generator method ends with `;`: without it the `*` multiplies the field's value"

/** Whether the parser stopped behind the head of a generator method that it took for a factor: `n = 0`, and below `*run() {`. */
function isProduct(text: string, at: number): boolean {
  if (text[at] !== "{" && text[at] !== ":") return false
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at)
  return /^\s*\*\s*(?:[\p{ID_Continue}$#]+|\[.*?\])\s*\(.*\)\s*$/u.test(line)
}
