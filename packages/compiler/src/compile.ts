/**
 * Owns `compile`: the one pure, synchronous function from the text of a module to text whose generators can be saved.
 *
 * prefilter → strip types → parse → is the directive there? → transform → compose source maps.
 */
import type { Program } from "oxc-parser"
import { acceptingCalls } from "./call-targets.ts"
import { bounded } from "./depth.ts"
import { CompileError, type Diagnostic, type Finding, withoutErrors } from "./diagnostics.ts"
import { DIRECTIVE, findDirective } from "./directive.ts"
import { hashNode } from "./hash.ts"
import { type CompileOptions, checkArguments, type Runtime } from "./options.ts"
import { parser } from "./parser.ts"
import { trueErrors } from "./redeclared.ts"
import { type Locate, locator } from "./source-map.ts"
import { type SourceKind, type SourceMap, strip, syntaxErrors } from "./strip.ts"
import { type FunctionInfo, transform } from "./transform.ts"
import { acceptingYields } from "./yields-in-heads.ts"

export interface Compiled {
  readonly code: string
  /** From `code` to the source, with its content. */
  readonly map: SourceMap
  readonly functions: readonly FunctionInfo[]
  /** Warnings; errors are thrown. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles a module; null if it does not have the directive.
 *
 * `id` is the module id (`src/fib.ts`): it names the functions, and its extension tells the language.
 * Throws a `CompileError` that lists all errors with their places: `ROVE_SYNTAX` or `ROVE_UNSUPPORTED`;
 * and ROVE_CONFIG for arguments and options that it cannot take.
 */
export function compile(source: string, id: string, options: CompileOptions = {}): Compiled | null {
  checkArguments(source, id, options)
  const always = options.always === true
  if (!always && !source.includes(DIRECTIVE)) return null
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  const file = options.file ?? id
  const runtime = options.runtime ?? { import: "rove/runtime" }
  const kind = kindOf(id, options.sourceType, runtime)
  const { js, typed, program, locate } = parse(text, id, file, kind, options)
  const directive = findDirective(program)
  if (!always && directive === null) return null
  const refuse = (finding: Finding): never => {
    throw new CompileError([located(finding, file, locate)])
  }
  const result = bounded(program, refuse, () =>
    transform({
      js,
      program,
      typed: typed ? text : null,
      moduleId: id,
      sourceType: kind === "module" ? "module" : "script",
      runtime,
      always,
      directive,
      lineEvents: options.lineEvents === true,
      lowered: options.final === "perhaps" ? "perhaps" : options.final !== true,
      position: locate,
      // with events its resume points are others
      hash: options.lineEvents === true ? node => `${hashNode(node)}+lines` : hashNode,
    }),
  )
  const diagnostics = withoutErrors(result.diagnostics.map(finding => located(finding, file, locate)))
  const { mappings } = result
  const map: SourceMap = { version: 3, sources: [file], sourcesContent: [text], names: [], mappings }
  return { code: result.code, map, functions: result.functions, diagnostics }
}

/** Only what Node wraps in a function may return at top level; a script for a realm is not wrapped. */
function kindOf(id: string, sourceType: "module" | "script" | undefined, runtime: Runtime): SourceKind {
  const module = sourceType === undefined ? !/\.c[jt]s$/.test(id) : sourceType === "module"
  return module ? "module" : "import" in runtime ? "commonjs" : "script"
}

interface Parsed {
  readonly js: string
  /** Types were taken away. */
  readonly typed: boolean
  readonly program: Program
  /** From an offset in `js` to a place in the source. */
  readonly locate: Locate
}

function parse(text: string, id: string, file: string, kind: SourceKind, options: CompileOptions): Parsed {
  const rewriteImports = options.rewriteImports === true
  const { typescript = {} } = options
  const forNode = rewriteImports || options.final === true
  const stripped = strip(text, id, { kind, rewriteImports, forNode, typescript })
  const inSource = locator(text, null)
  withoutErrors(stripped.errors.map(finding => located(finding, file, inSource)))
  const inStripped = stripped.map === null ? inSource : locator(stripped.js, stripped.map)
  const parsed = (text: string) =>
    parser.parse("stripped.js", text, { lang: "js", sourceType: kind, showSemanticErrors: true })
  const given = acceptingYields(stripped.js, parsed)
  const { js, result, origin } = acceptingCalls(given.js, parsed, given.result)
  const locate: Locate = offset => inStripped(given.origin(origin(offset)))
  const errors = trueErrors(result.errors, { js, program: result.program, kind }, text => parsed(text).errors)
  withoutErrors(syntaxErrors(errors, js).map(finding => located(finding, file, locate)))
  return { js, typed: stripped.map !== null, program: result.program, locate }
}

function located(finding: Finding, file: string, locate: Locate): Diagnostic {
  const { offset, ...rest } = finding
  return { ...rest, file, ...locate(offset) }
}
