/** Owns what a subcommand is, and how its arguments are read. */
import { type ParseArgsConfig, parseArgs } from "node:util"
import { RoveError } from "@rove/core"

export interface Command {
  readonly help: string
  /** Gives the exit code. */
  main(args: readonly string[]): Promise<number>
}

/** The command line asks for what there is not. */
export class UsageError extends RoveError {
  readonly help: string
  constructor(message: string, help: string) {
    super("ROVE_USAGE", message)
    this.help = help
  }
}

type Options = NonNullable<ParseArgsConfig["options"]>

/** Reads a subcommand's arguments; an unknown or incomplete option is wrong usage. */
export function read<T extends Options>(args: readonly string[], options: T, help: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message, help)
  }
}

/** A positive whole number given as an option. */
export function count(name: string, text: string | undefined, help: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number above 0, not ${text}`, help)
  return value
}
