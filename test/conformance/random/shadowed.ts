/** Owns giving variables of a random program the same few names, so that they hide one another, follow each other and clash. */
import type { Program } from "../variants.ts"

const MADE = /\b(?:v|e|i|c|x|it)\d+f?\b/g
const FEW = ["a1", "b1", "c1", "d1"]

/** The same program with other names, where it stays one; what it means may be something else. */
export function shadowed(program: Program, seed: number): Program {
  let { source } = program
  let state = seed
  for (const name of new Set(source.match(MADE))) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = FEW[state >>> 30] as string
    const renamed = source.replaceAll(new RegExp(`\\b${name}\\b`, "g"), other)
    if (parses(renamed)) source = renamed
  }
  return { ...program, source }
}

function parses(source: string): boolean {
  try {
    new Function("rove", "log", "tick", "iterator", source)
    return true
  } catch {
    return false
  }
}
