/** Owns which source files a command works on. */
import { readdirSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { UsageError } from "./command.ts"

const sources = /(?<!\.d)\.(?:[cm]?[jt]s|[jt]sx)$/

export interface Sources {
  readonly files: readonly string[]
  /** The folder that holds all that was asked for; output keeps the paths below it. */
  readonly base: string
}

/**
 * The files, and the source files in the folders (without node_modules, hidden ones, and a folder `except` in them), as absolute
 * paths.
 */
export function findSources(asked: readonly string[], help: string, except?: string): Sources {
  if (asked.length === 0) throw new UsageError("which files?", help)
  const files = new Set<string>()
  const bases: string[] = []
  for (const path of asked) {
    const full = resolve(path)
    const stat = statSync(full, { throwIfNoEntry: false })
    if (stat === undefined) throw new UsageError(`there is no file ${path}`, help)
    bases.push(stat.isDirectory() ? full : dirname(full))
    if (!stat.isDirectory()) files.add(full)
    else for (const file of within(full, except)) files.add(file)
  }
  return { files: [...files], base: bases.reduce(commonFolder) }
}

/** With its file as seen from the working folder. */
export function fromHere<T extends { readonly file: string }>(found: T): T {
  return { ...found, file: relative("", found.file) }
}

function* within(folder: string, except: string | undefined): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue
    const path = join(folder, entry.name)
    if (path === except) continue
    if (entry.isDirectory()) yield* within(path, except)
    else if (entry.isFile() && sources.test(entry.name)) yield path
  }
}

function commonFolder(a: string, b: string): string {
  let folder = a
  while (folder !== b && !b.startsWith(join(folder, "/"))) folder = dirname(folder)
  return folder
}
