/** Owns running a random program within a time, and making a failing one small. */
import { OutOfTime, within } from "../deadline.ts"
import type { Moved } from "../moves.ts"
import { reduce } from "../reduce.ts"
import { compare, type Difference, noMoves, type Program, type Verdict } from "../variants.ts"

/** Milliseconds of computing that a program gets in all its variants: it needs two, and the slowest 150. */
const LIMIT = 3000
/** The same while one is made small: many that are tried do not end. */
const QUICK = 100

/**
 * What comparing gives; a failure of the harness itself is told as a difference. What does not end natively is no
 * program; what does not end only when it is compiled is a difference.
 */
export function outcome(tried: Program, only?: readonly string[], moved?: Moved, limit = LIMIT): Verdict {
  try {
    return within(limit, () => compare(tried, only, moved))
  } catch (error) {
    if (error instanceof OutOfTime && !endsNatively(tried, limit)) return "no program"
    return { variant: "harness", native: [], found: [String((error as Error).stack)] }
  }
}

function endsNatively(tried: Program, limit: number): boolean {
  try {
    within(limit, () => compare(tried, [], noMoves()))
    return true
  } catch (error) {
    if (error instanceof OutOfTime) return false
    throw error
  }
}

/** A small program that fails in the same manner, and where it differs, as text. */
export function shrunk(tried: Program, first: Difference): string {
  const only = ["compile", "harness"].includes(first.variant) ? ["compiled"] : [first.variant]
  const still = (source: string, actions = tried.actions ?? []) => {
    const d = outcome({ ...tried, source, actions }, only, undefined, QUICK)
    return typeof d !== "string" && d.variant === first.variant && sign(d) === sign(first)
  }
  const given = [...(tried.actions ?? [])]
  let small = reduce(tried.source, source => still(source), 1500)
  let actions = given
  while (actions.length > 0 && still(small, actions.slice(0, -1))) actions = actions.slice(0, -1)
  for (const i of actions.keys()) {
    const simpler = actions.with(i, { kind: "echo" })
    if (still(small, simpler)) actions = simpler
  }
  small = reduce(small, source => still(source, actions), 1000)
  const again = outcome({ ...tried, source: small, actions }, only)
  const last = typeof again === "string" ? first : again
  return [small.trim(), `actions: ${JSON.stringify(actions)}`, ...differing(last)].join("\n")
}

/** What kind of failure it is, so that reduction does not slip to another. */
export function sign({ variant, found, native }: Difference): string {
  if (variant === "compile" || variant === "harness")
    return found[0]?.split("\n")[0]?.replace(/\d+/g, "#").slice(0, 100) ?? ""
  const broken = found.find(line => line.startsWith("breaks off") || line.startsWith("the compiled text"))
  if (broken !== undefined)
    return (broken.split("\n")[0] as string).replace(/[$\w]*\d\w*|"[^"]*"|'[^']*'/g, "#").slice(0, 80)
  const at = native.findIndex((line, i) => line !== found[i])
  return `${found[at]?.split(" ")[0]}/${native[at]?.split(" ")[0]}`
}

function differing({ native, found }: Difference): string[] {
  const at = native.findIndex((line, i) => line !== found[i])
  const from = Math.max(0, (at < 0 ? native.length : at) - 1)
  const lines = (all: readonly string[]) =>
    all
      .slice(from, from + 5)
      .join(" ; ")
      .slice(0, 1200)
  return [`native: ${lines(native)}`, `found:  ${lines(found)}`]
}
