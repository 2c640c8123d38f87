/**
 * Owns the load hook: it gives Node compiled text for modules with the directive, and leaves every other to whoever
 * would have loaded it.
 *
 * Light on purpose: workers import it at their start. The parser comes with `prepare.ts`, see `load.ts`.
 */
import Module from "node:module"
import { extname } from "node:path"
import { fileURLToPath } from "node:url"
import { optionNames, refuseUnknown } from "@rove/core"
import { cacheFolder } from "@rove/core/cache-folder"
import { Cache } from "./cache.ts"
import { hookCommonJS } from "./commonjs.ts"
import { ModuleIds } from "./ids.ts"
import { Loader } from "./load.ts"
import { compilerVersion } from "./version.ts"

/** Plain data: a pool gives its workers what `installedHooks()` says. */
export interface HookOptions {
  /** What compiled code imports, and the file URL where that leads, whatever the importing package can see. */
  readonly runtime?: { readonly import: string; readonly url: string }
  /** Folder of the disk cache, or false for none. */
  readonly cache?: string | false
  /** Root of the application, instead of looking for it. */
  readonly root?: string
  /** Tell the hooks of fibers of each line. All threads of a program need the same: the hashes of such code are others. */
  readonly lineEvents?: boolean
  /** The compiler's version, if it is known already. */
  readonly version?: string
}

const OPTIONS = optionNames<HookOptions>({
  runtime: true,
  cache: true,
  root: true,
  lineEvents: true,
  version: true,
})

interface State {
  readonly options: HookOptions
  /** Addresses of runtimes by specifier. */
  readonly runtimes: Map<string, string>
}

/** By file: once it is built, this text is part of another one, whose exports have other names. */
const OWN = new URL(`./hooks${extname(import.meta.filename)}`, import.meta.url).href

/** A thread has one set of hooks, even where loaders made two copies of this module. */
const slot = Symbol.for("@rove/compiler/hooks")
const holder = globalThis as { [slot]?: State }

/**
 * Installs the hooks on this thread; installing again only adds a runtime's address.
 * Reaches `import` and `require`, and workers that inherit `execArgv`.
 */
export function installHooks(options: HookOptions = {}): void {
  refuseUnknown(options, OPTIONS, "installHooks", "ROVE_CONFIG")
  const state = holder[slot] ?? install(options)
  const { runtime } = options
  if (runtime !== undefined && !state.runtimes.has(runtime.import)) state.runtimes.set(runtime.import, runtime.url)
}

/** What a worker needs to install the same hooks: the module to import, and the options. Null if there are none here. */
export function installedHooks(): { readonly module: string; readonly options: HookOptions } | null {
  const state = holder[slot]
  if (state === undefined) return null
  const [first] = state.runtimes
  const runtime = first === undefined ? {} : { runtime: { import: first[0], url: first[1] } }
  return { module: OWN, options: { ...state.options, ...runtime } }
}

function install(given: HookOptions): State {
  const version = given.version ?? compilerVersion()
  const cache = given.cache ?? cacheFolder(process.cwd()) ?? false
  const runtime = given.runtime?.import ?? "rove/runtime"
  const lineEvents = given.lineEvents === true
  const opened = cache === false ? null : openCache(cache, version)
  const loader = new Loader(new ModuleIds(given.root), opened, runtime, lineEvents)
  const state: State = { options: { ...given, version, cache }, runtimes: new Map() }
  holder[slot] = state
  Module.setSourceMapsSupport(true, { nodeModules: true, generatedCode: false })
  Module.registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const url = state.runtimes.get(specifier)
      // `require` takes paths, `import` takes addresses.
      const target = url !== undefined && context.conditions.includes("require") ? fileURLToPath(url) : url
      return nextResolve(target ?? specifier, context)
    },
    load: (url, context, nextLoad) => loader.load(url, context, nextLoad),
  })
  hookCommonJS(loader)
  return state
}

function openCache(folder: string, version: string): Cache | null {
  try {
    return new Cache(folder, version)
  } catch {
    return null // a read-only installation costs time, not the program
  }
}
