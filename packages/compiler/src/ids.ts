/**
 * Owns module ids: how one file is called by every loader, on every thread and machine.
 *
 * `src/fib.ts` within the application, `name@1.2.3/lib/x.js` within an installed package. The id is taken from the real
 * path, so that symbolic links (pnpm, workspaces) do not give a file two names; it has forward slashes everywhere.
 *
 * The application's root is the nearest folder above with a workspace marker (pnpm-workspace.yaml, or package.json with
 * `workspaces`), else with a package.json that says more than a format, else with .git, else the file's own folder. The
 * repository comes late because an image or archive without .git must give the same ids.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs"
import { dirname, isAbsolute, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { RoveError } from "@rove/core"
import { ancestors } from "@rove/core/cache-folder"
import { readManifest } from "./packages.ts"

export interface ModuleName {
  /** The id, without `#qualified.name`. */
  readonly id: string
  /** The real path. */
  readonly file: string
}

/** Names modules, and remembers which file has which id: one per thread or plugin instance. */
export class ModuleIds {
  private readonly files = new Map<string, string>()
  private readonly roots = new Map<string, string>()
  /** The application's root, if the user names it instead of letting it be found. */
  private readonly root: string | undefined
  constructor(root?: string) {
    this.root = root === undefined ? undefined : realpathSync(root)
  }

  /** The name of a module given by path, file URL, or a bundler's id; null if that is not a file. */
  name(source: string): ModuleName | null {
    const path = toPath(source)
    if (path === null || !existsSync(path)) return null
    const file = realpathSync(path)
    const installed = packageOf(file)
    const id = installed ?? posix(relative(this.rootOf(file), file))
    return { id: withoutHash(id), file }
  }

  /** As `name`, and claims the id for the file. Fails if another file with other text has it. */
  claim(source: string): ModuleName | null {
    const named = this.name(source)
    if (named === null) return null
    const other = this.files.get(named.id)
    if (other !== undefined && differ(other, named.file)) throw duplicate(named.id, other, named.file)
    this.files.set(named.id, named.file)
    return named
  }

  private rootOf(file: string): string {
    const folder = dirname(file)
    if (this.root !== undefined && isWithin(this.root, folder)) return this.root
    let root = this.roots.get(folder)
    if (root === undefined) {
      root = findRoot(folder)
      this.roots.set(folder, root)
    }
    return root
  }
}

/** The path behind a path, a file URL or a bundler's id (`/src/a.ts?v=1`); null for what is not a file (`node:fs`, `\0virtual`). */
export function toPath(source: string): string | null {
  if (source.startsWith("file:")) return fileURLToPath(new URL(source))
  if (source.startsWith("\0") || /^[a-z][a-z+.-]+:/i.test(source)) return null // one letter and a colon is a Windows drive
  const plain = source.startsWith("/@fs/") ? source.slice(/^\/@fs\/[a-z]:/i.test(source) ? 5 : 4) : source
  if (!/[?#]/.test(plain) || existsSync(plain)) return plain
  return plain.replace(/[?#].*$/s, "")
}

/** Forward slashes, whatever the system; a backslash is part of a name where it does not separate. */
export function posix(path: string, separator: string = sep): string {
  return path.replaceAll(separator, "/")
}

/** `#` ends the id of a module. */
function withoutHash(id: string): string {
  return id.replaceAll("%", "%25").replaceAll("#", "%23")
}

/** `name@version/path` if the real path lies in an installed package. */
function packageOf(file: string): string | null {
  const parts = posix(file).split("/")
  const at = parts.lastIndexOf("node_modules")
  if (at < 0 || at + 2 >= parts.length) return null
  const length = parts[at + 1]?.startsWith("@") ? 2 : 1
  const folder = parts.slice(0, at + 1 + length).join("/")
  const manifest = readManifest(folder)
  const name = typeof manifest?.name === "string" ? manifest.name : parts.slice(at + 1, at + 1 + length).join("/")
  const version = typeof manifest?.version === "string" ? manifest.version : "0.0.0"
  return `${name}@${version}/${parts.slice(at + 1 + length).join("/")}`
}

function findRoot(folder: string): string {
  const above = [...ancestors(folder)]
  const has = (name: string) => (candidate: string) => existsSync(join(candidate, name))
  return (
    above.find(
      candidate => has("pnpm-workspace.yaml")(candidate) || readManifest(candidate)?.workspaces !== undefined,
    ) ??
    above.find(candidate => Object.keys(readManifest(candidate) ?? {}).some(key => key !== "type")) ??
    above.find(has(".git")) ??
    folder
  )
}

function isWithin(root: string, folder: string): boolean {
  const way = relative(root, folder)
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Two copies of one package version may hold the same text, either serves; and a file may have been renamed. */
function differ(a: string, b: string): boolean {
  return a !== b && existsSync(a) && !readFileSync(a).equals(readFileSync(b))
}

function duplicate(id: string, first: string, second: string): RoveError {
  return new RoveError(
    "ROVE_DUPLICATE_ID",
    `two files have the module id ${id}: ${first} and ${second}. Records name code by this id, so it must be unique: ` +
      "put both under one workspace root (pnpm-workspace.yaml, or `workspaces` in package.json) or name the root yourself (option `root`).",
  )
}
