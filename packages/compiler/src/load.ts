/**
 * Owns the load step of the hook, its light half: which modules are ours, and what the cache knows of them.
 *
 * The text is always read from disk, so that ids, hashes and lines are the same before and after other loaders. The
 * parser comes with `prepare.ts`, which is required (hooks are synchronous) when a module is in no cache: of a program
 * whose modules are all cached no thread ever loads it.
 */
import type { LoadFnOutput, LoadHookContext, LoadHookSync } from "node:module"
import { pathToFileURL } from "node:url"
import { isMainThread } from "node:worker_threads"
import type { Cache, CacheEntry } from "./cache.ts"
import { formatDiagnostic } from "./diagnostics.ts"
import { DIRECTIVE, mistypedDirective } from "./directive.ts"
import type { Format } from "./format.ts"
import { Heavy } from "./heavy.ts"
import type { ModuleIds } from "./ids.ts"
import { ownership } from "./packages.ts"
import type { Source } from "./prepare.ts"
import { type Attempt, describe, isTyped, leftAsItIs, needsStripping, read, sourceFile } from "./source.ts"
import { TypeScriptConfigs } from "./tsconfig.ts"

type NextLoad = Parameters<LoadHookSync>[2]

const directive = Buffer.from(DIRECTIVE)

export class Loader {
  private readonly ids: ModuleIds
  private readonly cache: Cache | null
  /** What compiled code imports. */
  private readonly runtime: string
  private readonly lineEvents: boolean
  private readonly isOwn = ownership()
  private readonly heavy = new Heavy()
  private readonly configs = new TypeScriptConfigs()
  /** Ids of modules whose warnings were given: CommonJS comes here more than once. */
  private readonly warned = new Set<string>()
  private latest: { readonly key: string; readonly entry: CacheEntry } | null = null
  constructor(ids: ModuleIds, cache: Cache | null, runtime: string, lineEvents: boolean) {
    this.ids = ids
    this.cache = cache
    this.runtime = runtime
    this.lineEvents = lineEvents
  }

  load(url: string, context: LoadHookContext, nextLoad: NextLoad): LoadFnOutput {
    // `require` has no attributes; `with { type: "text" }` asks for something else than the module.
    const attributed = context.importAttributes?.type !== undefined
    const file = attributed ? null : sourceFile(url)
    // our own modules speak of the directive, and none has it; and the compiler shares modules with us, and would wait for itself
    const bytes = file === null || this.heavy.loading || this.isOwn(file) ? null : read(file)
    if (file === null || bytes === null) return nextLoad(url, context)
    const source = () => describe(file, url, bytes, this.configs)
    const entry = bytes.includes(directive) ? this.compiled(source()) : null
    if (entry === null) {
      this.lookAlike(file, bytes)
      return this.others(source, bytes, url, context, nextLoad)
    }
    // CommonJS that is imported goes on to `require`, which asks again: there it keeps its cache and its `require.main`.
    const comesAgain = entry.format === "commonjs" && !context.conditions.includes("require")
    return { format: entry.format, source: comesAgain ? null : entry.code, shortCircuit: true } as LoadFnOutput
  }

  /** As `load`, for text that a loader of CommonJS made of a file without asking the hooks, as tsx does. */
  loadRequired(file: string, content: string): { readonly code: string; readonly format: Format } | null {
    if (this.heavy.loading || !content.includes(DIRECTIVE)) return null
    const url = pathToFileURL(file).href
    const bytes = sourceFile(url) === null ? null : read(file)
    return bytes?.includes(directive) ? this.compiled(describe(file, url, bytes, this.configs)) : null
  }

  /** The compiled module; null if it only mentions the directive. */
  private compiled(source: Source): (CacheEntry & { readonly code: string }) | null {
    const id = this.ids.claim(source.file)?.id ?? source.file
    const { runtime, lineEvents } = this
    const purpose = lineEvents ? "compile with lines" : "compile"
    const entry = this.entry(purpose, source, id, () =>
      this.heavy.get().compileForNode(source, id, runtime, lineEvents),
    )
    this.warn(id, entry.warnings)
    const { code } = entry
    return code === null ? null : { ...entry, code }
  }

  /** One voice is enough: every worker loads the same modules. */
  private warn(id: string, warnings: readonly string[]): void {
    if (isMainThread && !this.warned.has(id))
      for (const warning of warnings) process.emitWarning(warning, "RoveWarning")
    this.warned.add(id)
  }

  /** A module that begins with nearly the directive. Most modules have nothing like it, which is seen in their bytes. */
  private lookAlike(file: string, bytes: Buffer): void {
    if (!isMainThread || !(bytes.includes("fib") || bytes.includes("Fib"))) return
    this.warn(file, mistypedDirective(bytes.toString("utf8"), file).map(formatDiagnostic))
  }

  /** A module without fibers: whoever comes next loads it, unless that leaves types which nobody can take away. */
  private others(
    source: () => Source,
    bytes: Buffer,
    url: string,
    context: LoadHookContext,
    nextLoad: NextLoad,
  ): LoadFnOutput {
    const loaded = attempt(() => nextLoad(url, context))
    if (!isTyped(url) || !leftAsItIs(loaded, bytes)) return finish(loaded)
    if (!needsStripping(url, bytes.toString("utf8"))) return finish(loaded)
    const given = source()
    const entry = this.entry("strip", given, given.file, () => this.heavy.get().stripForNode(given))
    return entry.code === null ? finish(loaded) : { format: entry.format, source: entry.code, shortCircuit: true }
  }

  private entry(purpose: string, source: Source, id: string, make: () => CacheEntry): CacheEntry {
    const parts = [
      purpose,
      id,
      source.url,
      String(source.declared),
      this.runtime,
      JSON.stringify(source.typescript),
      source.text,
    ]
    const key = JSON.stringify(parts)
    if (this.latest?.key === key) return this.latest.entry
    const name = `${purpose} ${source.url}`
    let entry = this.cache?.read(name, parts) ?? null
    if (entry === null) {
      entry = make()
      this.cache?.write(name, parts, entry)
    }
    this.latest = { key, entry }
    return entry
  }
}

function attempt(load: () => LoadFnOutput): Attempt {
  try {
    return { result: load() }
  } catch (error) {
    return { error }
  }
}

function finish(attempt: Attempt): LoadFnOutput {
  if ("error" in attempt) throw attempt.error
  return attempt.result
}
