/**
 * Owns the load step of the hook, its light half: which modules are ours, and what the cache knows of them.
 *
 * The text is always read from disk, so that ids, hashes and lines are the same before and after other loaders. The
 * parser comes with `prepare.ts`, which is required (hooks are synchronous) when a module is in no cache: of a program
 * whose modules are all cached no thread ever loads it.
 */
import { readFileSync } from "node:fs"
import { createRequire, type LoadFnOutput, type LoadHookContext, type LoadHookSync } from "node:module"
import { extname } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { isMainThread } from "node:worker_threads"
import type { Cache, CacheEntry } from "./cache.ts"
import { declaredFormat, type Format } from "./format.ts"
import type { ModuleIds } from "./ids.ts"
import { ownership } from "./packages.ts"
import type { Source } from "./prepare.ts"

type NextLoad = Parameters<LoadHookSync>[2]

/** The parser's side has its own copy of this word: it must not be imported here. */
const DIRECTIVE = "use fibers"
const directive = Buffer.from(DIRECTIVE)
const sources = /\.(?:[cm]?[jt]s|[jt]sx)$/

/**
 * What Node's own type stripping cannot do and oxc can: enums, namespaces, parameter properties, `import x = …`. Found
 * by its look: if it finds too much, oxc takes the types away where Node would have, with the same outcome.
 */
const needsMoreThanStripping =
  /(?:^|[;}])[ \t]*(?:export\s+)?(?:(?:const\s+)?enum|namespace|module)\s+[\w$.]+\s*\{|\bconstructor\s*\((?:[^)]*,)?\s*(?:public|private|protected|readonly|override)\s|^[ \t]*(?:export\s+)?import\s+[\w$]+\s*=|^[ \t]*export\s*=/m

export class Loader {
  private readonly ids: ModuleIds
  private readonly cache: Cache | null
  /** What compiled code imports. */
  private readonly runtime: string
  private readonly isOwn = ownership()
  private heavy: typeof import("./prepare.ts") | null = null
  /** While the heavy half is loaded, its own modules pass. */
  private loadsItself = false
  constructor(ids: ModuleIds, cache: Cache | null, runtime: string) {
    this.ids = ids
    this.cache = cache
    this.runtime = runtime
  }

  load(url: string, context: LoadHookContext, nextLoad: NextLoad): LoadFnOutput {
    // `require` has no attributes; `with { type: "text" }` asks for something else than the module.
    const attributed = context.importAttributes?.type !== undefined
    const file = attributed ? null : sourceFile(url)
    const bytes = file === null || this.loadsItself ? null : read(file)
    if (file === null || bytes === null) return nextLoad(url, context)
    const source = () => describe(file, url, bytes)
    const entry = bytes.includes(directive) ? this.compiled(source()) : null
    if (entry === null) return this.others(source, bytes, url, context, nextLoad)
    // CommonJS that is imported goes on to `require`, which asks again: there it keeps its cache and its `require.main`.
    const comesAgain = entry.format === "commonjs" && !context.conditions.includes("require")
    return { format: entry.format, source: comesAgain ? null : entry.code, shortCircuit: true } as LoadFnOutput
  }

  /** As `load`, for text that a loader of CommonJS made of a file without asking the hooks, as tsx does. */
  loadRequired(file: string, content: string): { readonly code: string; readonly format: Format } | null {
    if (this.loadsItself || !sources.test(file) || !content.includes(DIRECTIVE)) return null
    const bytes = read(file)
    if (!bytes?.includes(directive)) return null
    return this.compiled(describe(file, pathToFileURL(file).href, bytes))
  }

  /** The compiled module; null if it only mentions the directive. */
  private compiled(source: Source): (CacheEntry & { readonly code: string }) | null {
    const id = this.ids.claim(source.file)?.id ?? source.file
    const entry = this.entry("compile", source, id, () => this.prepare().compileForNode(source, id, this.runtime))
    const { code } = entry
    if (code === null) return null
    // One voice is enough: every worker loads the same modules.
    if (isMainThread) for (const warning of entry.warnings) process.emitWarning(warning, "RoveWarning")
    return { ...entry, code }
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
    if (!/\.(?:[cm]?ts|[jt]sx)$/.test(bare(url)) || !leftAsItIs(loaded, bytes)) return finish(loaded)
    if (this.isOwn(fileURLToPath(bare(url)))) return finish(loaded) // the compiler shares modules with us: no circles
    const given = source()
    if (/ts$/.test(bare(url)) && !needsMoreThanStripping.test(given.text)) return finish(loaded)
    const entry = this.entry("strip", given, given.file, () => this.prepare().stripForNode(given))
    return entry.code === null ? finish(loaded) : { format: entry.format, source: entry.code, shortCircuit: true }
  }

  private entry(purpose: string, source: Source, id: string, make: () => CacheEntry): CacheEntry {
    const parts = [purpose, id, source.url, String(source.declared), this.runtime, source.text]
    const name = `${purpose} ${source.url}`
    const known = this.cache?.read(name, parts)
    if (known != null) return known
    const entry = make()
    this.cache?.write(name, parts, entry)
    return entry
  }

  private prepare(): typeof import("./prepare.ts") {
    if (this.heavy === null) {
      this.loadsItself = true
      try {
        // By file: a self-reference by name could meet another copy, and the extension differs once it is built.
        this.heavy = createRequire(import.meta.url)(
          `./prepare${extname(fileURLToPath(import.meta.url))}`,
        ) as typeof import("./prepare.ts")
      } finally {
        this.loadsItself = false
      }
    }
    return this.heavy
  }
}

function describe(file: string, url: string, bytes: Buffer): Source {
  return { text: bytes.toString("utf8"), file, url: bare(url), declared: declaredFormat(file) }
}

/** The path of a module that could be ours. */
function sourceFile(url: string): string | null {
  return url.startsWith("file:") && sources.test(bare(url)) ? fileURLToPath(bare(url)) : null
}

/** Without query and hash: they make Node evaluate a module again, and do not make it another module. */
function bare(url: string): string {
  return url.replace(/[?#].*$/s, "")
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null // Node says better what is wrong with it
  }
}

type Attempt = { readonly result: LoadFnOutput } | { readonly error: unknown }

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

/** Whether no other loader has taken the types away. */
function leftAsItIs(loaded: Attempt, bytes: Buffer): boolean {
  if ("error" in loaded) return (loaded.error as { code?: unknown } | null)?.code === "ERR_UNKNOWN_FILE_EXTENSION"
  const { source } = loaded.result
  if (source == null) return false
  return typeof source === "string"
    ? source === bytes.toString("utf8")
    : bytes.equals(Buffer.from(source as Uint8Array))
}
