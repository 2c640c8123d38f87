/** Owns `rove compile`. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import {
  type AheadOfTime,
  CompileError,
  compileAhead,
  formatDiagnostic,
  ModuleIds,
  TypeScriptConfigs,
} from "@rove/compiler"
import { type Command, read, UsageError } from "./command.ts"
import { findDataFiles, missing } from "./data-files.ts"
import { findSources, fromHere, type Sources } from "./files.ts"

const help = `rove compile <files or folders…> --out <folder>

Writes each file as JavaScript with a source map: compiled if it says "use fibers", else without its types. Paths below
the folder that holds all files are kept. Ids and hashes are those that the load hook gives. JSON files that they import by
a relative path are copied. What lies in the folder that is written to is not compiled again.

  --out, -o <folder>   where to write
  --line-events        tell the hooks of fibers of each line; the hashes of such code are others
  --json               what was written as JSON: { "written": [{ source, file, functions: [ids] }], "copied": [{ source, file }], "diagnostics": […] }

Nothing is written if there is an error.
`

export const compile: Command = {
  help,
  async main(args) {
    const options = {
      out: { type: "string", short: "o" },
      "line-events": { type: "boolean" },
      json: { type: "boolean" },
    } as const
    const { values, positionals } = read(args, options, help)
    const { out } = values
    if (out === undefined) throw new UsageError("where to? --out <folder>", help)
    const sources = findSources(positionals, help, resolve(out))
    const results = compileAll(sources, values["line-events"] === true)
    if (results === null) return 1
    const written = results.map(one => write(one, sources.base, resolve(out)))
    const data = findDataFiles(results, sources.base)
    const copied = data.inside.flatMap(file => copy(file, sources.base, resolve(out)))
    for (const line of missing(data, sources.base)) process.stderr.write(`${line}\n`)
    const diagnostics = results.flatMap(one => one.output.diagnostics).map(fromHere)
    for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
    const text = [...written, ...copied].map(({ source, file }) => `${source} → ${file}`).join("\n")
    process.stdout.write(`${values.json === true ? JSON.stringify({ written, copied, diagnostics }, null, 2) : text}\n`)
    return 0
  },
}

interface Result {
  readonly file: string
  readonly text: string
  readonly output: AheadOfTime
}

/** All or nothing: every error is shown, and then null given. */
function compileAll({ files }: Sources, lineEvents: boolean): Result[] | null {
  const ids = new ModuleIds()
  const configs = new TypeScriptConfigs()
  const results: Result[] = []
  for (const file of files) {
    try {
      const id = ids.claim(file)?.id ?? file
      const text = readFileSync(file, "utf8")
      results.push({ file, text, output: compileAhead(text, file, id, configs, { lineEvents, final: true }) })
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      for (const one of error.diagnostics) process.stderr.write(`${formatDiagnostic(fromHere(one))}\n`)
    }
  }
  return results.length === files.length ? results : null
}

function write({ file, output }: Result, base: string, out: string) {
  const target = join(out, relative(base, file)).replace(/\.([cm]?)tsx?$|\.jsx$/, ".$1js")
  if (resolve(target) === file)
    throw new UsageError(`${relative("", file)} would overwrite itself; choose another --out`, help)
  mkdirSync(dirname(target), { recursive: true })
  const { map, code } = output
  if (map === null) writeFileSync(target, code)
  else {
    const sources = [relative(dirname(target), file).replaceAll("\\", "/")]
    writeFileSync(`${target}.map`, JSON.stringify({ ...map, file: basename(target), sources }))
    writeFileSync(target, `${code}\n//# sourceMappingURL=${encodeURIComponent(basename(target))}.map\n`)
  }
  const functions = output.compiled?.functions.map(({ id }) => id) ?? []
  return { source: relative("", file), file: relative("", target), functions }
}

function copy(file: string, base: string, out: string): { source: string; file: string }[] {
  const target = join(out, relative(base, file))
  if (target === file) return []
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(file, target)
  return [{ source: relative("", file), file: relative("", target) }]
}
