/**
 * Owns the heavy half of the load hook: what needs the parser. The light half requires it when a module has to be
 * compiled, so that a program whose modules come out of the cache never loads the parser.
 */
import { parseSync } from "oxc-parser"
import { misplacedDirectives } from "./5-diagnose/directive.ts"
import type { CacheEntry } from "./cache.ts"
import { compile } from "./compile.ts"
import { formatDiagnostic } from "./diagnostics.ts"
import type { Format } from "./format.ts"
import { inlineMap } from "./source-map.ts"
import { languageOf, type SourceMap, strip, withoutMark } from "./strip.ts"
import type { TypeScriptOptions } from "./tsconfig.ts"

export interface Source {
  readonly text: string
  readonly file: string
  readonly url: string
  /** What the extension or the package says. */
  readonly declared: Format | null
  readonly typescript: TypeScriptOptions
}

/** Compiles a module for Node; `code` is null if it does not have the directive. */
export function compileForNode(source: Source, id: string, runtime: string, lineEvents: boolean): CacheEntry {
  const { text, file, typescript } = source
  const format = formatOf(source)
  const sourceType = format === "module" ? "module" : "script"
  const options = { sourceType, file, runtime: { import: runtime }, final: true, typescript, lineEvents } as const
  const compiled = compile(text, id, options)
  if (compiled === null) return { code: null, format, warnings: misplacedDirectives(text, file).map(formatDiagnostic) }
  const code = compiled.code + inlineMap({ ...compiled.map, sources: [source.url] }) // stacks name a source by its address
  return { code, format, warnings: compiled.diagnostics.map(formatDiagnostic) }
}

/** Takes the types away from a module that has no fibers. Imports stay as they stand, as with Node's own stripping. */
export function stripForNode(source: Source): CacheEntry {
  const { text, file, url, typescript } = source
  const format = formatOf(source)
  const { js, map, errors } = strip(text, file, { kind: format, verbatim: true, forNode: true, typescript })
  if (errors.length > 0) return { code: null, format, warnings: [] } // Node's own message about the text serves better
  const whole: SourceMap = { version: 3, sources: [url], sourcesContent: [text], names: [], mappings: map ?? "" }
  return { code: map === null ? js : js + inlineMap(whole), format, warnings: [] }
}

/**
 * As Node decides: extension, package, then syntax. One thing is wider: TypeScript in a CommonJS package may be written
 * with `import` and `export`, as TypeScript and tsx allow; it is loaded as a module.
 */
export function formatOf(source: Pick<Source, "text" | "file" | "declared">): Format {
  const { text, file, declared } = source
  const lang = languageOf(file)
  if (declared === "module" || (declared === "commonjs" && !lang.startsWith("ts"))) return declared
  const js = withoutMark(strip(text, file, { kind: "module", verbatim: true }).js, text)
  const parsed = (sourceType: Format) => parseSync("stripped.js", js, { lang: "js", sourceType })
  if (parsed("module").module.hasModuleSyntax) return "module"
  // `await` at the top level, or a const named as CommonJS names its own: only a module may have these.
  return declared === null && parsed("commonjs").errors.length > 0 && parsed("module").errors.length === 0
    ? "module"
    : "commonjs"
}
