/** Owns what a subcommand is, and how its arguments are read. */
import { type ParseArgsConfig, parseArgs } from "node:util"
import { nearest, RoveError } from "@rove/core"

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

/** `: did you mean check?`, or nothing if no name is near. */
export function hint(given: string, names: readonly string[]): string {
  const near = nearest(given, names)
  return near === null ? "" : `: did you mean ${near}?`
}

type Options = NonNullable<ParseArgsConfig["options"]>

/** Reads a subcommand's arguments; an unknown or incomplete option is wrong usage. */
export function read<T extends Options>(args: readonly string[], options: T, help: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const unknown = unknownIn(args, options)
    throw new UsageError(unknown === null ? (error as Error).message : wordsOfUnknown(unknown, options), help)
  }
}

/** As it was written: `--jsn`. */
function unknownIn(args: readonly string[], options: Options): string | null {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true })
  for (const token of tokens) if (token.kind === "option" && !Object.hasOwn(options, token.name)) return token.rawName
  return null
}

function wordsOfUnknown(given: string, options: Options): string {
  const names = Object.keys(options).map(name => `--${name}`)
  const near = hint(given, names)
  return `there is no option ${given}${near === "" ? `; there are ${names.join(", ")}, and behind -- all is arguments` : near}`
}

/** A positive whole number given as an option. */
export function count(name: string, text: string | undefined, help: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number above 0, not ${text}`, help)
  return value
}
