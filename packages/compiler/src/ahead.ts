/** Owns ahead-of-time output: what one source file becomes when it is written to disk instead of loaded. */
import { type Compiled, compile } from "./compile.ts"
import { type Diagnostic, withoutErrors } from "./diagnostics.ts"
import { declaredFormat } from "./format.ts"
import type { CompileOptions } from "./options.ts"
import { lineStarts, positionAt } from "./positions.ts"
import { formatOf } from "./prepare.ts"
import { type SourceMap, strip } from "./strip.ts"
import type { TypeScriptConfigs } from "./tsconfig.ts"

export interface AheadOfTime {
  /** Text to write: compiled, or without its types if the module has no directive. */
  readonly code: string
  /** Null where the text is the source's. */
  readonly map: SourceMap | null
  readonly compiled: Compiled | null
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Makes a file's output: relative imports name `.js` where they named `.ts`. `final`, which
 * is said always: as for `compile`. Throws a `CompileError` as `compile` does.
 */
export function compileAhead(
  text: string,
  file: string,
  id: string,
  configs: TypeScriptConfigs,
  how: Required<Pick<CompileOptions, "final">> & Pick<CompileOptions, "lineEvents">,
): AheadOfTime {
  const typescript = configs.of(file)
  const format = formatOf({ text, file, declared: declaredFormat(file) })
  const sourceType = format === "module" ? "module" : "script"
  const compiled = compile(text, id, { sourceType, file, rewriteImports: true, typescript, ...how })
  if (compiled !== null) return { code: compiled.code, map: compiled.map, compiled, diagnostics: compiled.diagnostics }
  const { js, map, errors } = strip(text, file, { kind: format, rewriteImports: true, forNode: true, typescript })
  const starts = lineStarts(text)
  withoutErrors(errors.map(({ offset, ...finding }) => ({ ...finding, file, ...positionAt(starts, offset) })))
  const whole =
    map === null ? null : { version: 3 as const, sources: [file], sourcesContent: [text], names: [], mappings: map }
  return { code: js, map: whole, compiled: null, diagnostics: [] }
}
