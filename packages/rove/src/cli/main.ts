#!/usr/bin/env node
/** Owns the command `rove`: which subcommand is asked for, what its end means as an exit code, and where errors go. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { inspect } from "node:util"
import { RoveError } from "@rove/core"
import { type Command, hint, UsageError } from "./command.ts"

/** Loaded when asked for: `rove run` needs no parser if all is cached, `rove check` no pool. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run.ts")).run,
  check: async () => (await import("./check.ts")).check,
  inspect: async () => (await import("./inspect.ts")).inspect,
  compile: async () => (await import("./compile.ts")).compile,
}

const HELP = `rove run | check | inspect | compile: runs, checks and compiles modules that say "use fibers", and reads records.

  rove run <file>#<function> [arguments…]    run a function as a fiber on a pool of threads
  rove check <files or folders…>             say what the compiler finds, without running anything
  rove inspect <file>                        show the record of a fiber
  rove compile <files or folders…> --out <folder>
                                             write compiled JavaScript, with source maps

rove <command> --help says more, rove --version which one this is. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 deadlock, 130 Ctrl-C, 143 SIGTERM.
`

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === "--help" || name === "-h" || name === "help") return say(HELP)
  if (name === "--version" || name === "-v") return say(`${version()}\n`)
  if (name === undefined) throw new UsageError("which command?", HELP)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) throw new UsageError(`there is no command ${name}${hint(name, Object.keys(commands))}`, HELP)
  const command = await load()
  if (rest.some((arg, i) => (arg === "--help" || arg === "-h") && !rest.slice(0, i).includes("--")))
    return say(command.help)
  return await command.main(rest)
}

/** Sources and published files stand equally deep in the package. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  return version
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function fail(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`rove: ${error.message}\n${error.help.split("\n", 1)[0]}\n--help says more\n`)
    return 2
  }
  // What the compiler found says where it is; a program's own error is shown with its stack. (The class itself would bring
  // the parser along.)
  const found = error instanceof RoveError && error.name === "CompileError"
  // an error that happened nowhere, such as a deadlock, has no frames, and would stand in brackets
  const text = found ? error.message : withoutOurs(inspect(error).replace(/^\[(.*?)\](?= \{|$)/s, "$1"))
  process.stderr.write(`${text}\n`)
  return error instanceof RoveError && error.code === "ROVE_DEADLOCK" ? 3 : 1
}

/** What Rove itself did, and Node beneath it, says nothing about a program. */
function withoutOurs(text: string): string {
  const folders = ["rove", "@rove/scheduler", "@rove/fibers", "@rove/core"].map(name =>
    import.meta.resolve(name).replace(/(?:src|dist)\/index\.[cm]?[jt]s$/, ""),
  )
  const ours = [...folders, ...folders.map(folder => fileURLToPath(folder))]
  const left: string[] = []
  for (const line of text.split("\n")) {
    if (!/^ +at /.test(line) || !ours.some(folder => line.includes(folder))) left.push(line)
    // the properties of the error begin behind its last frame
    else if (line.endsWith(" {")) left.push(`${left.pop() ?? ""} {`)
  }
  return left.join("\n")
}

/** Who reads what we print has gone, as `head` does: nobody is left to print for. The code is that of a death by SIGPIPE. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(141)
  throw error
})

process.exitCode = await main(process.argv.slice(2)).catch(fail)
