/**
 * Owns the command lines of this workspace's own programs: `--help` prints what there is and ends with 0; what is not understood is
 * told in a line, and ends with 2.
 */
import { type ParseArgsConfig, parseArgs } from "node:util"

/** Reads the arguments of this process. `help`: the text that `--help` prints. */
export function commandLine<const T extends ParseArgsConfig>(help: string, config: T): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).includes("--help")) {
    console.log(help)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    // what follows is about files whose names begin with a hyphen, or has no end
    return refuse((error as Error).message.split(/\. |\n/, 1)[0]?.replace(/\.$/, "") as string)
  }
}

/** The number that was given for an option, at least so much. */
export function numberOf(option: string, text: string, least = 0, whole = true): number {
  const number = text.trim() === "" ? Number.NaN : Number(text)
  if (number >= least && number < Number.POSITIVE_INFINITY && (!whole || Number.isInteger(number))) return number
  return refuse(`${option} takes a ${whole ? "whole number" : "number"} from ${least} on, not "${text}"`)
}

/** Ends this process. */
export function refuse(why: string): never {
  console.error(`${why}. --help tells what there is.`)
  process.exit(2)
}
