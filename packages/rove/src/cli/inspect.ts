/** Owns `rove inspect`. */
import { readFileSync } from "node:fs"
import { FiberRecord, RoveError } from "@rove/core"
import { type Command, read, UsageError } from "./command.ts"

const help = `rove inspect <file>

Shows the record of a fiber that was written to a file: frames with their places, locals with their sizes, context.
Neither runs nor imports anything of the program.

  --json   the same as JSON: what record.toJSON() gives

Exit code 1 if the file is no record, is damaged, or is of another version.
`

export const inspect: Command = {
  help,
  async main(args) {
    const { values, positionals } = read(args, { json: { type: "boolean" } }, help)
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new UsageError("rove inspect takes one file", help)
    const record = new FiberRecord(contentOf(file))
    try {
      process.stdout.write(`${values.json === true ? JSON.stringify(record, null, 2) : record}\n`)
      return 0
    } catch (error) {
      if (!(error instanceof RoveError)) throw error
      process.stderr.write(`rove: ${file}: ${error.message} (${error.code})\n`)
      return 1
    }
  },
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, help)
  }
}
