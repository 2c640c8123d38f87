/** Owns the options with which fibers are started and resumed, and what each may be. */
import {
  type ChangePolicy,
  type OptionNames,
  optionNames,
  PRIORITIES,
  type Priority,
  RoveError,
  refuseUnknown,
} from "@rove/core"
import { kindOf } from "./not-compiled.ts"

export interface SpawnOptions {
  /** For people: dumps, traces, reasons. By default the function's name. */
  readonly name?: string
  /** Interrupts the fiber when it aborts, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Interrupts the fiber after that many milliseconds, with ROVE_TIMEOUT as reason. */
  readonly timeout?: number
  /** Calls that may be nested in the fiber; the next one throws RecursionLimitError. By default that of who starts it. */
  readonly recursionLimit?: number
  /** Which of the fibers that could run goes first; none is kept waiting for ever. By default that of who starts it, or "normal". */
  readonly priority?: Priority
  /** Keeps so many lines of the stack of who spawns it: `stack()`, failures that nobody hears of and `rove inspect` show them. They move along. */
  readonly trackOrigin?: number
  /** Ties the fiber to the thread where it is spawned, for this reason; what cannot be cloned is then shared with it. */
  readonly pinned?: string
  /** Id of the thread of the pool where it should begin, if that one takes it; others may still steal it. */
  readonly prefer?: number
}

/** Of fibers that ordinary code starts on a pool: they begin on whichever thread has time, so there is none to tie them to. */
export type RunOptions = Omit<SpawnOptions, "pinned">

export interface ResumeOptions extends Pick<SpawnOptions, "signal" | "timeout"> {
  /** What to do about functions that changed since the record was made; by default it is refused. */
  readonly changed?: ChangePolicy
}

const RUN = {
  name: true,
  signal: true,
  timeout: true,
  recursionLimit: true,
  priority: true,
  trackOrigin: true,
  prefer: true,
} as const
export const RUN_OPTIONS = optionNames<RunOptions>(RUN)
const SPAWN_OPTIONS = optionNames<SpawnOptions>({ ...RUN, pinned: true })
export const RESUME_OPTIONS = optionNames<ResumeOptions>({ signal: true, timeout: true, changed: true })

/** What each option may be, in words, and how that is seen. */
const OPTIONS: Readonly<Record<string, readonly [what: string, holds: (value: never) => boolean]>> = {
  name: ["a string", value => typeof value === "string"],
  pinned: ["a reason, as a string", value => typeof value === "string" && value !== ""],
  signal: ["an AbortSignal", value => isSignal(value)],
  timeout: ["a number of milliseconds, 0 or more", value => typeof value === "number" && value >= 0],
  prefer: ["the id of a thread, a whole number", value => Number.isSafeInteger(value)],
  recursionLimit: ["a whole number above 0", value => Number.isSafeInteger(value) && value > 0],
  trackOrigin: ["a whole number above 0", value => Number.isSafeInteger(value) && value > 0],
  priority: ['"low", "normal" or "high"', value => PRIORITIES.includes(value)],
  changed: [
    '"refuse", "compatible" or a function',
    value => typeof value === "function" || value === "refuse" || value === "compatible",
  ],
}

/** Throws ROVE_INVALID_ARGUMENT, naming the option, before anything has happened. */
export function checkOptions(options: object, where: string, known: OptionNames = SPAWN_OPTIONS): void {
  refuseUnknown(options, known, where)
  for (const [key, value] of Object.entries(options)) {
    const rule = OPTIONS[key]
    // a rule takes any value: it is called to find out whether that is of its type
    if (rule !== undefined && value !== undefined && !rule[1](value as never))
      throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} takes ${rule[0]} as ${key}, not ${show(value)}`)
  }
}

/** Of any realm. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as AbortSignal).aborted === "boolean" &&
    typeof (value as AbortSignal).addEventListener === "function"
  )
}

/** Refuses what cannot name anything: names are how things find each other on all threads. */
export function refuseNameless(name: unknown, where: string): void {
  if (typeof name === "string" && name !== "") return
  const what = `${where} takes a name, as text that is not empty, not ${show(name)}`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}

/** What was given, for a message: a text in quotes, or "5" would look like a number. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value)
  const isThing =
    (typeof value === "object" && value !== null && !(value instanceof Date)) || typeof value === "function"
  return isThing ? kindOf(value) : String(value)
}
