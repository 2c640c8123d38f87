/** Owns the configuration of a pool: one value, plain data, validated here and nowhere else. The only file with Effect. */
import { availableParallelism } from "node:os"
import { inspect } from "node:util"
import { optionNames, RoveError, refuseUnknown } from "@rove/core"
import { Schema } from "effect"

/** What a pool tells of itself; a pino logger fits. */
export interface Logger {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface PoolOptions {
  /** Threads; by default as many as the machine runs in parallel. */
  readonly workers?: number
  /** For names of threads and logs. */
  readonly name?: string
  /** Of the choice of victims; the same seed, the same choices. */
  readonly seed?: number
  /** Milliseconds that a fiber may run while others wait. */
  readonly quantum?: number
  /** Milliseconds that closing waits for fibers to end, and then again for threads. */
  readonly grace?: number
  /** Where to import the load hook from; by default where this process has it from. */
  readonly register?: string
  /** Silent by default; what would be lost otherwise becomes a process warning. */
  readonly logger?: Logger
}

const integer = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const number = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

const Config = Schema.Struct({
  workers: integer(1, 512),
  name: Schema.NonEmptyString,
  seed: Schema.Int,
  quantum: number(0.1, 1000),
  grace: number(0, 3_600_000),
  register: Schema.NullOr(Schema.NonEmptyString),
})
export type PoolConfig = typeof Config.Type

const OPTIONS = optionNames<PoolOptions>({
  workers: true,
  name: true,
  seed: true,
  quantum: true,
  grace: true,
  register: true,
  logger: true,
})
const decodeConfig = Schema.decodeUnknownSync(Config)

/** Throws ROVE_CONFIG, naming the option, for anything that is not a valid configuration. */
export function configure(options: PoolOptions): PoolConfig {
  refuseUnknown(options, OPTIONS, "Pool.start", "ROVE_CONFIG")
  const { logger: _, ...given } = options
  const defaults = {
    workers: availableParallelism(),
    name: "rove",
    seed: 1,
    quantum: 1,
    grace: 5000,
    register: null,
  }
  const config = {
    ...defaults,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }
  try {
    return decodeConfig(config)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new RoveError("ROVE_CONFIG", `Pool.start: ${withGiven(text, config)}`, { cause: error })
  }
}

/** What the schema says, in one line, with the option in front and what was given for it behind. */
function withGiven(text: string, config: Readonly<Record<string, unknown>>): string {
  const [, what, option] = /^Expected ([^\n]*)\n\s*at \["(\w+)"\]$/.exec(text) ?? []
  return option === undefined ? text : `option "${option}": expected ${what}, not ${inspect(config[option])}`
}
