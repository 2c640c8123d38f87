/**
 * Owns what the load hook can tell about a module without the parser: whether it could be ours, and whether its types
 * can be left to Node.
 */
import { readFileSync } from "node:fs"
import type { LoadFnOutput } from "node:module"
import { fileURLToPath } from "node:url"
import { declaredFormat } from "./format.ts"
import type { Source } from "./prepare.ts"
import type { TypeScriptConfigs } from "./tsconfig.ts"

const names = /\.(?:[cm]?[jt]s|[jt]sx)$/

/**
 * What Node's own type stripping cannot do and oxc can: enums, namespaces, parameter properties, `import x = …`. Found
 * by its look: if it finds too much, oxc takes the types away where Node would have, with the same outcome.
 */
const needsMoreThanStripping =
  /(?:^|[;}])[ \t]*(?:export\s+)?(?:(?:const\s+)?enum|namespace|module)\s+[\w$.]+\s*\{|\bconstructor\s*\((?:[^)]*,)?\s*(?:public|private|protected|readonly|override)\s|^[ \t]*(?:export\s+)?import\s+[\w$]+\s*=|^[ \t]*export\s*=/m

/** What the compiler has to know of a file. */
export function describe(file: string, url: string, bytes: Buffer, configs: TypeScriptConfigs): Source {
  const typescript = configs.of(file)
  return { text: bytes.toString("utf8"), file, url: bare(url), declared: declaredFormat(file), typescript }
}

/** The path of a module that could be ours. */
export function sourceFile(url: string): string | null {
  return url.startsWith("file:") && names.test(bare(url)) ? fileURLToPath(bare(url)) : null
}

/** Without query and hash: they make Node evaluate a module again, and do not make it another module. */
function bare(url: string): string {
  return url.replace(/[?#].*$/s, "")
}

export function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null // Node says better what is wrong with it
  }
}

export function isTyped(url: string): boolean {
  return /\.(?:[cm]?ts|[jt]sx)$/.test(bare(url))
}

/** Whether Node's own stripping would fail, given that no other loader came in between. */
export function needsStripping(url: string, text: string): boolean {
  return /x$/.test(bare(url)) || needsMoreThanStripping.test(text)
}

/** Whether nobody has taken the types away: the text is the file's, or nobody knows such files. */
export function leftAsItIs(loaded: Attempt, bytes: Buffer): boolean {
  if ("error" in loaded) return (loaded.error as { code?: unknown } | null)?.code === "ERR_UNKNOWN_FILE_EXTENSION"
  const { source } = loaded.result
  if (source == null) return false
  return typeof source === "string"
    ? source === bytes.toString("utf8")
    : bytes.equals(Buffer.from(source as Uint8Array))
}

/** How the next loader ended. */
export type Attempt = { readonly result: LoadFnOutput } | { readonly error: unknown }
