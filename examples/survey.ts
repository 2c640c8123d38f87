/** Surveys a source tree with one fiber for each directory and each file: `npm start -- --help`. */
import { stat } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { Pool } from "rove"
import { Collector } from "./survey/findings.ts"
import { surveyPlainly } from "./survey/plain.ts"
import { Progress } from "./survey/progress.ts"
import { count, findingsText, red, threadsTable } from "./survey/report.ts"
import { surveyOn } from "./survey/run.ts"

const help = `Usage: npm start -- [FOLDER] [--workers N] [--check] [--json] [--help]

Surveys the files of FOLDER (by default this workspace's own node_modules): counts what they are made of, and finds
the largest, the most repeated, and those that are there more than once. Each directory and each file is a fiber, and
fibers move to threads that have nothing to do. Links are not followed; binaries, files above 100 MB, and what cannot
be read are reported and skipped.

  --workers N  threads; by default as many as the machine runs in parallel
  --check      does the same again in a plain sequential program, and compares
  --json       prints the findings and the threads' counters as JSON
  --help       prints this

Exit codes: 0 done, 1 the check found a difference, 2 wrong usage, 130 ended by Ctrl-C.`

const { folder, workers, check, json } = await usage()
const collector = new Collector()
const progress = new Progress()
const started = performance.now()
let pool: Pool | null = null
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143], // what npm's end becomes, if only npm is told to end
] as const)
  process.once(signal, () => {
    progress.end()
    say("interrupted", performance.now())
    process.exit(code)
  })
process.exitCode = await main()

async function main(): Promise<number> {
  await using running = await Pool.start({ workers, name: "worker" })
  pool = running
  console.error(`surveying ${folder} on ${threadCount()} …`)
  progress.show(() => {
    const fibers = running.stats().threads.reduce((sum, thread) => sum + thread.ended, 0)
    return `${count(collector.directories)} directories, ${count(fibers)} fibers done`
  })
  await surveyOn(running, folder, collector)
  progress.end()
  const finished = performance.now()
  const same = !check || (await compare(finished))
  say(same ? "done" : "differs", finished)
  return same ? 0 : 1
}

/** The findings so far, and what the threads did. */
function say(ending: "done" | "differs" | "interrupted", end: number): void {
  const milliseconds = end - started
  const threads = pool?.stats().threads ?? []
  const findings = collector.findings()
  if (json) {
    console.log(JSON.stringify({ ending, folder, findings, threads, milliseconds }, null, 2))
    return
  }
  if (ending === "interrupted") console.log("Interrupted. Until then:\n")
  console.log(`${findingsText(findings)}\n\n${threadsTable(threads, milliseconds)}`)
  console.log(`\n${(milliseconds / 1000).toFixed(1)} s on ${threadCount()}`)
}

function threadCount(): string {
  return workers === 1 ? "1 thread" : `${workers} threads`
}

/** Whether a plain sequential program finds the same. */
async function compare(finished: number): Promise<boolean> {
  const plain = new Collector()
  progress.show(() => `checking: ${count(plain.directories)} of ${count(collector.directories)} directories`)
  for await (const found of surveyPlainly(folder)) plain.add(found)
  progress.end()
  const seconds = ((performance.now() - finished) / 1000).toFixed(1)
  if (JSON.stringify(collector.findings()) === JSON.stringify(plain.findings())) {
    console.error(`check: a plain sequential program finds the same, in ${seconds} s`)
    return true
  }
  const unlike = [...new Set([...collector.filesUnlike(plain), ...plain.filesUnlike(collector)])]
  console.error(red(`check: a plain sequential program finds something else in ${unlike.length} files`))
  for (const path of unlike.slice(0, 10)) console.error(`  ${path}`)
  return false
}

async function usage() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        workers: { type: "string", default: String(availableParallelism()) },
        check: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const [given, more] = positionals
    if (more !== undefined) throw new Error(`one folder at a time, not also ${more}`)
    const workers = Number(values.workers)
    if (!Number.isInteger(workers) || workers < 1 || workers > 64)
      throw new Error(`--workers takes a number from 1 to 64, not ${values.workers}`)
    const folder = resolve(given ?? join(import.meta.dirname, "..", "node_modules"))
    const there = await stat(folder).catch(() => null)
    if (!there?.isDirectory()) throw new Error(`${folder} is ${there === null ? "not there" : "not a folder"}`)
    return { folder, workers, check: values.check, json: values.json }
  } catch (error) {
    console.error(`${red((error as Error).message)}\n\n${help.split("\n")[0]}`)
    process.exit(2)
  }
}
