/** Owns what the source says of the type of a name. Types are gone when rules look at a module: they are read off its text. */
import type { Node } from "../2-analyze/nodes.ts"
import { lineStarts, type Position } from "../positions.ts"

const IMPORT =
  /\bimport\s+(?:type\s+)?(?:\{([^}]*)\}|\*\s+as\s+([\w$]+))\s+from\s*["'](?:rove|@rove\/(?:fibers|scheduler))["']/g
/** Behind the name: `?: Channel<number>`, `: rove.Mutex`. */
const TYPE = /[?!]?\s*:\s*(?:([\w$]+)\.)?([\w$]+)/y

export class Types {
  /** The source as it was written; null if it has no types. */
  readonly #text: string | null
  readonly #position: (offset: number) => Position
  #starts: readonly number[] | null = null
  /** Names of types and of whole modules, as this one has imported them from our packages, and what they are called there. */
  #imported: ReadonlyMap<string, string> | null = null
  constructor(text: string | null, position: (offset: number) => Position) {
    this.#text = text
    this.#position = position
  }

  /** What our packages call the type of a name where it is declared; null if that is no type of theirs. */
  of({ start, name, type }: Node): string | null {
    const text = this.#text
    if (text === null || (type !== "Identifier" && type !== "PrivateIdentifier")) return null
    this.#starts ??= lineStarts(text)
    const { line, column } = this.#position(start)
    const at = (this.#starts[line - 1] ?? 0) + column - 1
    const written = type === "Identifier" ? name : `#${name}`
    if (!text.startsWith(written, at)) return null
    TYPE.lastIndex = at + written.length
    const found = TYPE.exec(text)
    if (found === null) return null
    const [, module, local] = found
    this.#imported ??= imports(text)
    if (module !== undefined) return this.#imported.get(module) === "*" ? (local as string) : null
    return this.#imported.get(local as string) ?? null
  }
}

function imports(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [, names, module] of text.matchAll(IMPORT)) {
    if (module !== undefined) found.set(module, "*")
    for (const specifier of names?.split(",") ?? []) {
      const [name, local = name] = specifier
        .trim()
        .replace(/^type\s+/, "")
        .split(/\s+as\s+/)
      if (name !== undefined && local !== undefined && name !== "") found.set(local, name)
    }
  }
  return found
}
