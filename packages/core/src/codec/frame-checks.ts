/**
 * Owns what the locals of a frame can hold that are not the program's: those of our own functions, and those that the
 * compiler added, which hold iterations and the like. A local that is always a number is one in a record too.
 */
import type { Code } from "../code.ts"
import type { Frame, FrameFields } from "../frame.ts"
import { RecordError } from "./errors.ts"
import { type Fits, nothing } from "./fits.ts"
import { append } from "./list.ts"

/** What fits, by what the compiler calls such a local: `$cursor`, or `$cursor$2`. */
const roles = new Map<string, Fits>()

/** Says what a local that the compiler added can hold, by its name without a number. */
export function registerRole(name: string, fits: Fits): void {
  roles.set(name, fits)
}

/** What is to hold of one local. */
interface Check {
  readonly name: string
  readonly fits: Fits
}

const isNumber: Fits = value => typeof value === "number"

/** The place of our own functions before their first: no frame ever stands there. */
const NOWHERE: readonly Check[] = [{ name: "place", fits: nothing }]

/** What is to hold of frames that stand there; null if all of it is the program's own. */
export function checksOf(code: Code, pc: number, names: readonly string[]): readonly Check[] | null {
  if (code.fields !== undefined && names.length === 0 && code.points[pc]?.id === "start") return NOWHERE
  if (names.length === 0 || code.Frame === null) return null
  // only its own fields are looked at
  const fresh = new code.Frame(null as never) as FrameFields
  const checks: Check[] = []
  for (const name of names) {
    const fits = code.fields?.[name] ?? roleOf(code, name) ?? (typeof fresh[name] === "number" ? isNumber : undefined)
    if (fits !== undefined) append(checks, { name, fits })
  }
  return checks.length === 0 ? null : checks
}

function roleOf({ plain }: Code, name: string): Fits | undefined {
  if (!name.startsWith("$") || plain?.includes(name) === true) return undefined
  return roles.get(name.replace(/\$\d+$/, ""))
}

/** Refuses a frame, which begins at `offset`, with a local that no run of its function has. */
export function checkFrame(frame: Frame, checks: readonly Check[], offset: number): void {
  const locals = frame as FrameFields
  for (let i = 0; i < checks.length; i++) {
    const { name, fits } = checks[i] as Check
    if (!fits(locals[name]))
      throw new RecordError(offset, `a frame of ${frame.closure.code.id} has a ${name} that it cannot have`)
  }
}
