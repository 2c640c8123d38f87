/**
 * Owns where threads keep V8's code of what they load, so that the next ones need not compile it: a sixth of their start,
 * and the first run of every function.
 */
import { getCompileCacheDir } from "node:module"
import { dirname, isAbsolute, join } from "node:path"
import { cacheFolder } from "@rove/core/cache-folder"
import { CACHE_VARIABLE } from "./start.ts"

export interface CodeCache {
  readonly folder: string
  /** The program knows nothing of it. */
  readonly isOwn: boolean
}

/**
 * The cache of this process, which Node tells threads of only if the environment names it; else one beside what the compiler
 * keeps. Null where Node does it by itself, and where there is to be none: coverage would count less of what comes out of it.
 */
export function codeCache(
  env: NodeJS.ProcessEnv = process.env,
  given: string | null = getCompileCacheDir() ?? null,
  here: () => string = process.cwd,
): CodeCache | null {
  const { NODE_DISABLE_COMPILE_CACHE: disabled, NODE_V8_COVERAGE: coverage, ROVE_CACHE: kept = "" } = env
  if (env[CACHE_VARIABLE] !== undefined) return null
  // Node says the folder of its own version in the one that it was given
  if (given !== null) return { folder: dirname(given), isOwn: false }
  if (disabled !== undefined || coverage !== undefined) return null
  const folder = ownFolder(kept, here)
  return folder === null ? null : { folder: join(folder, "v8"), isOwn: true }
}

/** What was found where the first thread started: all threads share it, wherever the program goes. */
let own: { readonly said: string; readonly folder: string | null } | null = null

/** A cache costs no program its start: without a working folder there is none. */
function ownFolder(said: string, here: () => string): string | null {
  if (own?.said === said) return own.folder
  let folder: string | null = null
  try {
    if (said === "") folder = cacheFolder(here())
    else if (said !== "off") folder = isAbsolute(said) ? said : join(here(), said)
  } catch {}
  own = { said, folder }
  return folder
}
