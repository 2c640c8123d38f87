/**
 * Owns signatures (MinHash): a few numbers that say how much of two texts is alike, without comparing the texts. Each is
 * the smallest value that one of several hash functions has over all runs of three tokens.
 */
import type { FileFound } from "./fibers.ts"

/** Numbers in a signature. */
export const SIGNATURE = 48
export const FNV_START = 0x811c9dc5 | 0
export const FNV_PRIME = 0x01000193
export const SEEDS = Int32Array.from({ length: SIGNATURE }, (_, i) => Math.imul(i + 1, 0x9e3779b1))

/** Numbers that have to be the same before two files are compared at all. */
const BAND = 6
/** The part of the numbers that is the same in files that are alike. */
const ALIKE = 0.9

/** Different contents that are nearly the same. */
export interface Family {
  readonly paths: readonly string[]
}

/** Groups files of different content: each group's files are alike its first. The same for any order of equal paths. */
export function families(files: readonly FileFound[]): Family[] {
  const leaders = new Map<string, FileFound>()
  const groups = new Map<FileFound, string[]>()
  const seen = new Set<string>()
  for (const file of files) {
    if (seen.has(file.hash) || file.counts.words < 50) continue
    seen.add(file.hash)
    const bands = bandsOf(file)
    const leader = bands.map(band => leaders.get(band)).find(other => other !== undefined && alike(other, file))
    if (leader === undefined) {
      groups.set(file, [file.path])
      for (const band of bands) if (!leaders.has(band)) leaders.set(band, file)
    } else groups.get(leader)?.push(file.path)
  }
  return [...groups.values()].filter(paths => paths.length > 1).map(paths => ({ paths }))
}

function bandsOf({ signature }: FileFound): string[] {
  const bands: string[] = []
  for (let at = 0; at < SIGNATURE; at += BAND) bands.push(`${at}:${signature.subarray(at, at + BAND).join()}`)
  return bands
}

function alike(a: FileFound, b: FileFound): boolean {
  let same = 0
  for (let i = 0; i < SIGNATURE; i++) if (a.signature[i] === b.signature[i]) same++
  return same >= SIGNATURE * ALIKE
}
