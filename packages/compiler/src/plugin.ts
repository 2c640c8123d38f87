/**
 * Owns the plugin for Vite, Vitest, Rollup, Rolldown and esbuild: the same ids, hashes and lines as the load hook gives,
 * so that a module that a bundler loaded and one that a plain worker loaded are the same code.
 *
 * It comes before all others, and compiles the text on disk: what another plugin made of it in between is not what a
 * worker will see.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { optionNames, refuseUnknown } from "@rove/core"
import { createUnplugin, type UnpluginFactory, type UnpluginInstance } from "unplugin"
import { misplacedDirectives } from "./5-diagnose/directive.ts"
import { compile } from "./compile.ts"
import { type Diagnostic, formatDiagnostic } from "./diagnostics.ts"
import { DIRECTIVE, mistypedDirective } from "./directive.ts"
import { ModuleIds, type ModuleName, toPath } from "./ids.ts"
import type { CompileOptions } from "./options.ts"
import { keepRuntimeOne } from "./plugin-runtime.ts"
import { TypeScriptConfigs } from "./tsconfig.ts"
import { compilerVersion } from "./version.ts"

export interface PluginOptions {
  /** Root of the application, instead of looking for it. */
  readonly root?: string
  /** What compiled code imports, and the file URL to take where the importing package cannot see it. */
  readonly runtime?: { readonly import: string; readonly url?: string }
  /** Emit an event per line, for tracing. */
  readonly lineEvents?: boolean
}

const OPTIONS = optionNames<PluginOptions>({ root: true, runtime: true, lineEvents: true })

const sources = /\.(?:[cm]?[jt]s|[jt]sx)(?:$|[?#])/

const factory: UnpluginFactory<PluginOptions | undefined> = (options = {}) => {
  refuseUnknown(options, OPTIONS, "the plugin of rove", "ROVE_CONFIG")
  const ids = new ModuleIds(options.root)
  const configs = new TypeScriptConfigs()
  const runtime = options.runtime ?? { import: "rove/runtime" }
  return {
    name: "rove",
    enforce: "pre",
    transform: {
      filter: { id: sources, code: /fib/i },
      handler(code, id) {
        const warn = (found: readonly Diagnostic[]) => {
          for (const warning of found) this.warn(formatDiagnostic(warning))
        }
        if (!code.includes(DIRECTIVE)) {
          warn(mistypedDirective(code, id))
          return null
        }
        const module = ids.claim(id)
        const source = module === null ? null : sourceOf(module, code, id)
        if (module === null || source === null) return null
        const compiled = compile(source, module.id, {
          ...compileOptions(options, runtime.import, module.file),
          typescript: configs.of(module.file),
        })
        warn(compiled?.diagnostics ?? misplacedDirectives(source, module.file))
        if (compiled === null) return null
        return {
          code: compiled.code,
          map: { ...compiled.map, names: [], sources: [module.file], sourcesContent: [source] },
        }
      },
    },
    ...keepRuntimeOne(runtime.import, runtime.url === undefined ? null : fileURLToPath(runtime.url), compilerVersion()),
  }
}

/** The plugin for each bundler: `rove.vite()`, `rove.rollup()`, … */
export const rove: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin(factory)

function compileOptions(options: PluginOptions, runtime: string, file: string): CompileOptions {
  return { runtime: { import: runtime }, lineEvents: options.lineEvents === true, file }
}

/**
 * The text to compile: the file's. Null if the bundler means something else than the module by this id, as with
 * `?raw` or the script of a `.vue` file.
 */
function sourceOf(module: ModuleName, code: string, id: string): string | null {
  const source = readFileSync(module.file, "utf8")
  const plain = (text: string) => text.replace(/^\ufeff/, "")
  if (plain(source) === plain(code)) return source
  const query = toPath(id) === id ? "" : (id.split("?")[1] ?? "")
  const versionsOnly = [...new URLSearchParams(query).keys()].every(key => ["v", "t", "import"].includes(key))
  return versionsOnly && sources.test(module.file) ? source : null
}
