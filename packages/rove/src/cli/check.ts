/** Owns `rove check`. */
import { readFileSync } from "node:fs"
import {
  CompileError,
  compileAhead,
  DIRECTIVE,
  type Diagnostic,
  formatDiagnostic,
  ModuleIds,
  misplacedDirectives,
  mistypedDirective,
  TypeScriptConfigs,
} from "@rove/compiler"
import { type Command, read } from "./command.ts"
import { findSources, fromHere } from "./files.ts"

const help = `rove check <files or folders…>

Says what the compiler finds in modules that say "use fibers", as file:line:column. Runs nothing.

  --json     the findings as JSON: { "modules": number, "diagnostics": [{ file, line, column, severity, code, message, hint }] }
  --strict   exit code 1 for warnings too

Exit code 1 if there is an error; warnings alone are 0.
`

export const check: Command = {
  help,
  async main(args) {
    const { values, positionals } = read(args, { json: { type: "boolean" }, strict: { type: "boolean" } }, help)
    const ids = new ModuleIds()
    const configs = new TypeScriptConfigs()
    const found = findSources(positionals, help).files.map(file => examine(file, ids, configs))
    const diagnostics = found.flatMap(one => one.diagnostics).map(fromHere)
    const modules = found.filter(one => one.fibers).length
    const errors = diagnostics.filter(one => one.severity === "error").length
    if (values.json === true) process.stdout.write(`${JSON.stringify({ modules, diagnostics }, null, 2)}\n`)
    else {
      for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(diagnostic)}\n`)
      const warnings = many(diagnostics.length - errors, "warning")
      process.stdout.write(`${many(modules, "module")} with fibers: ${many(errors, "error")}, ${warnings}
`)
    }
    return errors > 0 || (values.strict === true && diagnostics.length > 0) ? 1 : 0
  },
}

interface Examined {
  /** Whether the module has the directive. */
  readonly fibers: boolean
  readonly diagnostics: readonly Diagnostic[]
}

function examine(file: string, ids: ModuleIds, configs: TypeScriptConfigs): Examined {
  const text = readFileSync(file, "utf8")
  if (!text.includes(DIRECTIVE)) return { fibers: false, diagnostics: mistypedDirective(text, file) }
  try {
    // a bundler may come behind the plugin, or the load hook may be all that there is
    const { compiled } = compileAhead(text, file, ids.claim(file)?.id ?? file, configs, { final: "perhaps" })
    return { fibers: compiled !== null, diagnostics: compiled?.diagnostics ?? misplacedDirectives(text, file) }
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    const diagnostics = [...error.diagnostics, ...error.warnings]
    return { fibers: true, diagnostics: diagnostics.sort((a, b) => a.line - b.line || a.column - b.column) }
  }
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`
}
