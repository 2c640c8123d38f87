/** Owns reading package.json files, and telling whose a file is by them. */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { ancestors } from "@rove/core/cache-folder"

/** What is asked for by name, and whatever else a package.json says: it may say anything. */
export interface Manifest extends Readonly<Partial<Record<"name" | "type" | "version" | "workspaces", unknown>>> {
  readonly [key: string]: unknown
}

/** The package.json in a folder; null if there is none, or none that can be read: then it says nothing. */
export function readManifest(folder: string): Manifest | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    return typeof manifest === "object" && manifest !== null ? (manifest as Manifest) : null
  } catch {
    return null
  }
}

/** Answers whether a file belongs to one of Rove's own packages, and asks the disk once per folder. */
export function ownership(): (file: string) => boolean {
  const known = new Map<string, boolean>()
  return file => {
    const folder = dirname(file)
    const own = known.get(folder) ?? isRove(folder)
    known.set(folder, own)
    return own
  }
}

function isRove(folder: string): boolean {
  const name = ancestors(folder)
    .map(readManifest)
    .find(manifest => manifest !== null)?.name
  return typeof name === "string" && (name === "rove" || name.startsWith("@rove/"))
}
