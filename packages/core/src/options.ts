/** Owns refusing options that nobody would read: one whose name is written wrong must not pass for one that was not given. */
import { type ErrorCode, RoveError } from "./errors.ts"

/** The names of all options that something takes, without prototype. */
export type OptionNames = Readonly<Record<string, true>>

// as they were at first: programs may replace them
const { create, keys } = Object

/** The names of all options of a type; that none is left out is checked where it is written down. */
export function optionNames<Options>(names: { readonly [Name in keyof Options]-?: true }): OptionNames {
  const result: Record<string, true> = create(null)
  for (const name of keys(names)) result[name] = true
  return result
}

/** Throws for an option that `where` does not have, with the nearest that it has, and for what is no object of options. */
export function refuseUnknown(
  options: unknown,
  known: OptionNames,
  where: string,
  code: ErrorCode = "ROVE_INVALID_ARGUMENT",
): void {
  if (typeof options !== "object" || options === null)
    throw new RoveError(code, `${where} takes its options as an object, not ${show(options)}`)
  const given = keys(options)
  for (let i = 0; i < given.length; i++) {
    const name = given[i] as string
    if (!(name in known)) throw new RoveError(code, unknown(name, keys(known), where))
  }
}

function unknown(name: string, all: readonly string[], where: string): string {
  const near = nearest(name, all)
  const hint = near === null ? "" : `: did you mean "${near}"?`
  return `${where} has no option "${name}"${hint}${hint === "" ? "; it" : " It"} has ${all.join(", ")}`
}

/** The name that was probably meant; null if none is near. */
function nearest(name: string, all: readonly string[]): string | null {
  const given = name.toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of all) {
    const other = candidate.toLowerCase()
    const isPart = given.length > 2 && (other.startsWith(given) || given.startsWith(other))
    const edits = isPart ? 1 : distance(given, other)
    if (edits < least) {
      least = edits
      best = candidate
    }
  }
  return best
}

/** Letters to insert, delete or change, or neighbours to exchange, to make the one of the other. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] as number) + 1)
      row.push(edits)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : typeof value === "function" ? "a function" : String(value)
}
