/** Owns the question whether a file is an ES module or CommonJS, answered as Node does. */
import { basename, dirname, extname } from "node:path"
import { ancestors } from "@rove/core/cache-folder"
import { readManifest } from "./packages.ts"

export type Format = "module" | "commonjs"

/** What the extension or the package says; null if neither does, and the syntax of the text has to tell. */
export function declaredFormat(file: string): Format | null {
  const extension = extname(file)
  if (extension.startsWith(".m")) return "module"
  if (extension.startsWith(".c")) return "commonjs"
  for (const folder of ancestors(dirname(file))) {
    if (basename(folder) === "node_modules") return null
    const manifest = readManifest(folder)
    if (manifest !== null) return manifest.type === "module" || manifest.type === "commonjs" ? manifest.type : null
  }
  return null
}
