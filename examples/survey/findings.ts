/** Owns what the survey finds: it collects directories in any order, and says the same whatever the order was. */
import { hash } from "node:crypto"
import type { DirectoryFound, FileFound } from "./fibers.ts"
import type { Skipped } from "./read.ts"
import { type Family, families } from "./signature.ts"
import type { Counts } from "./tokens.ts"

/** Files with the same content. */
export interface Copies {
  readonly bytes: number
  readonly paths: readonly string[]
}

export interface Findings {
  readonly directories: number
  readonly files: number
  readonly links: number
  readonly bytes: number
  readonly tokens: Counts
  /** How many contents are there more than once, and the bytes that one copy of each would save. */
  readonly repeated: { readonly contents: number; readonly bytes: number }
  readonly mostCopies: readonly Copies[]
  readonly mostWasteful: readonly Copies[]
  /** Files of different content that are nearly the same: how many families, and the largest ones. */
  readonly families: { readonly count: number; readonly largest: readonly Family[] }
  readonly largest: readonly { readonly path: string; readonly bytes: number }[]
  readonly skipped: readonly Skipped[]
  /** Of every path with its hash, counts and signature: two surveys that agree here agree in everything. */
  readonly digest: string
}

/** How many files each list names. */
const SHOWN = 5

export class Collector {
  #directories = 0
  #links = 0
  readonly #files: FileFound[] = []
  readonly #skipped: Skipped[] = []

  add(found: DirectoryFound): void {
    this.#directories++
    this.#links += found.links
    for (const file of found.files) this.addFile(file)
    for (const one of found.skipped) this.addFile(one)
  }
  addFile(end: FileFound | Skipped): void {
    if ("why" in end) this.#skipped.push(end)
    else this.#files.push(end)
  }
  get directories(): number {
    return this.#directories
  }

  /** The files that the other collector does not have, or has otherwise. */
  filesUnlike(other: Collector): string[] {
    const theirs = new Map(other.#files.map(file => [file.path, JSON.stringify(file)]))
    return this.#files.filter(file => theirs.get(file.path) !== JSON.stringify(file)).map(file => file.path)
  }

  findings(): Findings {
    const files = this.#files.toSorted(byPath)
    const copies = groups(files)
    const alike = families(files)
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return {
      directories: this.#directories,
      files: files.length,
      links: this.#links,
      bytes,
      tokens: total(files),
      repeated: { contents: copies.length, bytes: copies.reduce((sum, one) => sum + waste(one), 0) },
      mostCopies: copies.toSorted((a, b) => b.paths.length - a.paths.length || b.bytes - a.bytes).slice(0, SHOWN),
      mostWasteful: copies.toSorted((a, b) => waste(b) - waste(a)).slice(0, SHOWN),
      families: {
        count: alike.length,
        largest: alike.toSorted((a, b) => b.paths.length - a.paths.length).slice(0, SHOWN),
      },
      largest: files
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, SHOWN)
        .map(({ path, bytes }) => ({ path, bytes })),
      skipped: this.#skipped.toSorted(byPath),
      digest: hash(
        "sha256",
        JSON.stringify(files.map(({ path, hash, counts, signature }) => [path, hash, counts, signature.join()])),
      ),
    }
  }
}

/** By code units, not by a language's rules: the same everywhere. Sorts are stable, so ties stay in this order. */
function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

function groups(files: readonly FileFound[]): Copies[] {
  return [...Map.groupBy(files, file => file.hash).values()]
    .filter(([first, ...others]) => first !== undefined && first.bytes > 0 && others.length > 0)
    .map(same => ({ bytes: same[0]?.bytes ?? 0, paths: same.map(file => file.path) }))
}

function waste({ bytes, paths }: Copies): number {
  return bytes * (paths.length - 1)
}

function total(files: readonly FileFound[]): Counts {
  const sum = { lines: 0, words: 0, numbers: 0, strings: 0, comments: 0, marks: 0 }
  for (const { counts } of files) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key]
  return sum
}
