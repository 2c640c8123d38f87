/** Runs benches and prints what they found: `npm run bench -- --help`. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { globSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import { commandLine, refuse } from "../scripts/command-line.ts"
import { type Row, table } from "./lib/rows.ts"
import type { Answer } from "./lib/subject.ts"

const HELP = `Usage: npm run bench -- [SUBJECT…] [--quick] [--json FILE] [--help]

Measures SUBJECT (all, if none is named) and prints a table. Each subject is a file
bench/SUBJECT.bench.ts and runs in a process of its own; compare only what one run says.

  --quick      fewer and shorter repetitions: shows that the benches run, not how fast
  --json FILE  also writes the rows to FILE, with the machine they were measured on
  --help       prints this

A missed bar is printed, and is no error; a bench that fails is, and the exit code is then 1.`

const subjects = globSync("*.bench.ts", { cwd: import.meta.dirname })
  .map(file => basename(file, ".bench.ts"))
  .toSorted()
const { values, positionals } = commandLine(`${HELP}\n\nSubjects: ${subjects.join(", ") || "none yet"}`, {
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
  },
})
process.exitCode = await main()

async function main(): Promise<number> {
  const unknown = positionals.filter(name => !subjects.includes(name))
  if (unknown.length > 0) refuse(`there is no subject ${unknown.join(", ")}, only ${subjects.join(", ")}`)
  const rows: Row[] = []
  const failed: string[] = []
  for (const subject of positionals.length > 0 ? positionals : subjects) {
    console.error(`measuring ${subject} …`)
    const found = await run(subject)
    if (found === null) failed.push(subject)
    else rows.push(...found)
  }
  console.log(table(rows))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report(rows), null, 2)}\n`)
  if (failed.length > 0) console.error(`Failed: ${failed.join(", ")}`)
  return failed.length > 0 ? 1 : 0
}

/** Runs one subject in a child process; null if it failed, which it has then said itself. */
async function run(subject: string): Promise<readonly Row[] | null> {
  const file = pathToFileURL(join(import.meta.dirname, `${subject}.bench.ts`)).href
  const child = fork(join(import.meta.dirname, "lib", "subject.ts"), [file, values.quick ? "quick" : "full"], {
    execArgv: [...process.execArgv, "--expose-gc"],
    serialization: "advanced",
  })
  let answer: Answer | null = null
  child.on("message", message => {
    answer = message as Answer
  })
  const [[code]] = await Promise.all([once(child, "exit"), once(child, "disconnect")])
  return code === 0 && answer !== null ? (answer as Answer).rows : null
}

/** The rows, and what one has to know to read them later. */
function report(rows: readonly Row[]): object {
  return {
    date: new Date().toISOString(),
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    quick: values.quick,
    rows,
  }
}
