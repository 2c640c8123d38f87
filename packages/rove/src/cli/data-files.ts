/** Owns which JSON files modules import, which have to lie beside their output as they lie beside the source. */
import { statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"

export interface DataFiles {
  /** Below the base, as absolute paths. */
  readonly inside: readonly string[]
  /** Elsewhere: there is no place for them in the output. */
  readonly outside: readonly { readonly file: string; readonly importer: string }[]
}

const IMPORT = /\b(?:from|import|require|resolve|URL)\s*\(?\s*(["'])(\.{1,2}\/[^"'\n]*\.json)\1/g

/** The JSON files that are imported, required or named by `new URL`, if they are there. */
export function findDataFiles(
  sources: Iterable<{ readonly file: string; readonly text: string }>,
  base: string,
): DataFiles {
  const inside = new Set<string>()
  const outside = new Map<string, string>()
  for (const { file, text } of sources)
    for (const [, , specifier] of text.matchAll(IMPORT)) {
      const found = resolve(dirname(file), decoded(specifier as string))
      if (statSync(found, { throwIfNoEntry: false })?.isFile() !== true) continue
      if (found.startsWith(join(base, "/"))) inside.add(found)
      else if (!outside.has(found)) outside.set(found, file)
    }
  return { inside: [...inside], outside: [...outside].map(([file, importer]) => ({ file, importer })) }
}

/** Where the output would look for a file that is not copied, in words. */
export function missing({ outside }: DataFiles, base: string): string[] {
  return outside.map(
    ({ file, importer }) =>
      `${relative("", importer)} imports ${relative("", file)}, which is not below ${relative("", base) || "."} and is not copied`,
  )
}

/** A specifier is a URL; a name with a `%` that is none is the file's. */
function decoded(specifier: string): string {
  try {
    return decodeURIComponent(specifier)
  } catch {
    return specifier
  }
}
