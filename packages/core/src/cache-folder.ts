/**
 * Owns the choice of the folder in which code is kept from one run to the next: what the compiler made, and what V8 made
 * of what threads load. Code is loaded from there, so nobody else may write to it.
 */
import { existsSync, lstatSync, mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** The folder and all folders above it, nearest first. */
export function* ancestors(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at
    if (dirname(at) === at) return
  }
}

/**
 * The default: `node_modules/.cache/rove` of the package in or above the folder, else a private folder among the temporary
 * files; null if there is none that only this user can write to.
 */
export function cacheFolder(from: string): string | null {
  const home = ancestors(from).find(at => existsSync(join(at, "package.json")) && existsSync(join(at, "node_modules")))
  return home === undefined ? privateFolder() : join(home, "node_modules", ".cache", "rove")
}

/** Everybody may write to the folder for temporary files: one in it must be this user's alone. */
function privateFolder(): string | null {
  // a user without an entry in the system's list has an id all the same
  const uid = process.getuid?.() ?? -1
  const folder = join(tmpdir(), `rove-cache-${uid}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stat = lstatSync(folder)
    return stat.isDirectory() && (uid === -1 || (stat.uid === uid && (stat.mode & 0o022) === 0)) ? folder : null
  } catch {
    return null
  }
}
