/** Owns the configuration of a pool: one value, plain data, validated here and nowhere else. */
import { availableParallelism } from "node:os"
import { inspect } from "node:util"
import { type OptionNames, optionNames, RoveError, refuseUnknown } from "@rove/core"
import { type Carry, isCarry } from "./carry.ts"
import type { SubmissionLimits } from "./submissions.ts"

/** What a pool tells of itself; a pino logger fits. */
export interface Logger {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface PoolLimits {
  /** Fibers that were started from outside and have not begun; 1,000,000 by default. */
  readonly queue?: number
  /** Bytes of these; 1 GiB by default. A thread has no more than that on its way to others either. */
  readonly bytes?: number
  /** Fibers on one thread, those that wait included; 10,000,000 by default. A spawn beyond that throws ROVE_LIMIT. */
  readonly fibers?: number
  /** Megabytes of heap of one thread, by default Node's; a thread that needs more dies. */
  readonly memory?: number | null
  /** What submitting does when queue or bytes are at their limit: "reject" (the default) with ROVE_QUEUE_FULL, or "wait". */
  readonly full?: "reject" | "wait"
}

/** What an uncaught error brings down, besides being reported. */
export type Uncaught = "report" | "pool" | "process"

export interface PoolOptions {
  /** Threads; by default as many as the machine runs in parallel. */
  readonly workers?: number
  /** For names of threads and logs. */
  readonly name?: string
  /** Of the choice of victims; the same seed, the same choices. */
  readonly seed?: number
  /**
   * Gives each thread a processor of its own, so far as there are as many; false by default. Some systems keep two busy threads on one
   * processor for milliseconds while another one idles. Pools of one thread share no processors. On Linux, with the command `taskset`;
   * elsewhere there is a warning. What a thread starts, processes too, runs on its processor.
   */
  readonly cpuAffinity?: boolean
  /** Milliseconds that a fiber may run while others wait. */
  readonly quantum?: number
  /** Milliseconds that closing waits for fibers to end, and then again for threads. */
  readonly grace?: number
  readonly limits?: PoolLimits
  /** Where to import the load hook from; by default where this process has it from. */
  readonly register?: string
  /** Pairs `[asyncLocalStorage, contextVar]`: the caller's store becomes the variable's value in fibers that it starts. */
  readonly carry?: readonly Carry[]
  /** Silent by default; what would be lost otherwise becomes a process warning. */
  readonly logger?: Logger
  /**
   * What becomes of an error that nobody catches (a fiber failed and nobody joins it, or a promise was rejected in one): it is reported
   * ("report", the default); it also closes the pool ("pool"), which refuses work with it then; or it is also thrown in this process,
   * where nobody catches it ("process"). The error is ROVE_UNCAUGHT.
   */
  readonly uncaught?: Uncaught
  /** Hears, in place of the logger, that all fibers wait for each other (ROVE_DEADLOCK, with the list); they stay as they are. */
  readonly onDeadlock?: (error: RoveError) => void
}

export interface ResizeOptions {
  /** Milliseconds that fibers have which cannot move; by default the pool's. */
  readonly grace?: number
}

export interface ThreadLimits extends SubmissionLimits {
  readonly memory: number | null
}

export interface PoolConfig {
  readonly workers: number
  readonly name: string
  readonly seed: number
  readonly cpuAffinity: boolean
  readonly quantum: number
  readonly grace: number
  readonly limits: ThreadLimits
  readonly register: string | null
  readonly uncaught: Uncaught
}

const OPTIONS = optionNames<PoolOptions>({
  workers: true,
  name: true,
  seed: true,
  cpuAffinity: true,
  quantum: true,
  grace: true,
  limits: true,
  register: true,
  carry: true,
  logger: true,
  uncaught: true,
  onDeadlock: true,
})
const LIMITS = optionNames<PoolLimits>({ queue: true, bytes: true, fibers: true, memory: true, full: true })
const RESIZE = optionNames<ResizeOptions>({ grace: true })

/** What an option may be, in words, and how that is seen. */
type Rule = readonly [what: string, holds: (value: unknown) => boolean]

const integer = (minimum: number, maximum: number): Rule => [
  `a whole number from ${minimum} to ${maximum}`,
  value => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
]
const number = (minimum: number, maximum: number): Rule => [
  `a number from ${minimum} to ${maximum}`,
  value => typeof value === "number" && value >= minimum && value <= maximum,
]
const limit: Rule = ["a number of 1 or more", value => typeof value === "number" && value >= 1]

const THREADS = integer(1, 512)
const GRACE = number(0, 3_600_000)

const RULES: Readonly<Record<string, Rule>> = {
  workers: THREADS,
  name: ["a text that is not empty", value => typeof value === "string" && value !== ""],
  seed: ["a whole number", Number.isSafeInteger],
  cpuAffinity: ["true or false", value => typeof value === "boolean"],
  quantum: number(0.1, 1000),
  grace: GRACE,
  register: ["a URL as text", value => value === null || (typeof value === "string" && value !== "")],
  carry: ["a list of pairs [AsyncLocalStorage, ContextVar]", value => Array.isArray(value) && value.every(isCarry)],
  uncaught: ['"report", "pool" or "process"', value => ["report", "pool", "process"].includes(value as string)],
  onDeadlock: ["a function", value => typeof value === "function"],
  logger: ["something with warn and error, like a pino logger", isLogger],
}
const LIMIT_RULES: Readonly<Record<string, Rule>> = {
  queue: limit,
  bytes: limit,
  fibers: limit,
  // who means bytes says more
  memory: ["a number of megabytes from 8 to 1048576", value => value === null || number(8, 2 ** 20)[1](value)],
  full: ['"reject" or "wait"', value => value === "reject" || value === "wait"],
}

/** Throws ROVE_CONFIG, naming the option, for anything that is not a valid configuration. */
export function configure(options: PoolOptions): PoolConfig {
  const { logger: _, carry: __, onDeadlock: ___, limits = {}, ...given } = checked(options, OPTIONS, RULES, "")
  const general = { workers: availableParallelism(), name: "rove", register: null, uncaught: "report" } as const
  const defaults = { ...general, seed: 1, cpuAffinity: false, quantum: 1, grace: 5000 }
  const unlimited: ThreadLimits = { queue: 1e6, bytes: 2 ** 30, fibers: 1e7, memory: null, full: "reject" }
  return { ...defaults, ...given, limits: { ...unlimited, ...checked(limits, LIMITS, LIMIT_RULES, "limits.") } }
}

/** Throws ROVE_CONFIG, naming the argument, for what `pool.resize` cannot take. */
export function checkResize(workers: number, options: ResizeOptions): void {
  refuseWrong(workers, THREADS, "pool.resize: its first argument, the number of threads")
  refuseUnknown(options, RESIZE, "pool.resize", "ROVE_CONFIG")
  checkGrace(options.grace, "pool.resize")
}

/** Throws ROVE_CONFIG: a timer would take NaN, a text or less than 0 for one millisecond, and what runs would be ended at once. */
export function checkGrace(grace: unknown, where: string): void {
  if (grace !== undefined) refuseWrong(grace, GRACE, `${where}: option "grace"`)
}

/** The options that were given, without those that are undefined. */
function checked<T extends object>(
  options: T,
  names: OptionNames,
  rules: Readonly<Record<string, Rule>>,
  path: string,
): T {
  refuseUnknown(
    options,
    names,
    path === "" ? "Pool.start" : `Pool.start, option "${path.slice(0, -1)}",`,
    "ROVE_CONFIG",
  )
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) refuseWrong(value, rules[name], `Pool.start: option "${path}${name}"`)
  return Object.fromEntries(given) as T
}

function refuseWrong(value: unknown, rule: Rule | undefined, where: string): void {
  if (rule === undefined || rule[1](value)) return
  throw new RoveError("ROVE_CONFIG", `${where}: expected ${rule[0]}, not ${inspect(value, { depth: 1 })}`)
}

function isLogger(value: unknown): boolean {
  const { warn, error } = Object(value) as { warn?: unknown; error?: unknown }
  return typeof warn === "function" && typeof error === "function"
}
