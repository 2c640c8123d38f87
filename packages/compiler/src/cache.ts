/**
 * Owns the disk cache of compiled modules, which all threads and processes share.
 *
 * One file per module, replaced by renaming, so a reader sees an old entry or a new one and never half of one. An entry
 * says what it was made from (`key`) and what it holds (`sum`); anything else there is as good as nothing.
 */
import { hash } from "node:crypto"
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { threadId } from "node:worker_threads"

export interface CacheEntry {
  /** Compiled text with its source map; null if the module is none of ours after all. */
  readonly code: string | null
  readonly format: "module" | "commonjs"
  /** Warnings of the compiler, as text. */
  readonly warnings: readonly string[]
}

interface Header extends Omit<CacheEntry, "code"> {
  readonly key: string
  readonly sum: string
  readonly none: boolean
}

export class Cache {
  private readonly folder: string
  private readonly version: string
  /** Fails if the folder cannot be made. */
  constructor(folder: string, version: string) {
    this.folder = folder
    this.version = version
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** The entry of that name (which tells where it stands) made from exactly these parts, or null. */
  read(name: string, parts: readonly string[]): CacheEntry | null {
    try {
      const text = readFileSync(this.path(name), "utf8")
      const end = text.indexOf("\n")
      const header = JSON.parse(text.slice(0, end)) as Header
      const code = text.slice(end + 1)
      if (header.key !== this.key(parts) || header.sum !== digest(code)) return null
      return { code: header.none ? null : code, format: header.format, warnings: header.warnings }
    } catch {
      return null // absent, cut off or overwritten: it is compiled again and replaced
    }
  }

  write(name: string, parts: readonly string[], entry: CacheEntry): void {
    const { code, format, warnings } = entry
    const text = code ?? ""
    const header: Header = { key: this.key(parts), sum: digest(text), none: code === null, format, warnings }
    const path = this.path(name)
    const draft = `${path}.${process.pid}-${threadId}`
    try {
      writeFileSync(draft, `${JSON.stringify(header)}\n${text}`, { mode: 0o600 })
      renameSync(draft, path)
    } catch {
      discard(draft) // a full or read-only disk costs time, not the program
    }
  }

  private path(name: string): string {
    return join(this.folder, `${digest(name)}.js`)
  }

  private key(parts: readonly string[]): string {
    return digest(JSON.stringify([this.version, ...parts]))
  }
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {} // the folder itself is gone
}

function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32)
}
