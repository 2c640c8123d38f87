/**
 * Runs every check and says which failed: `npm test`, and with `--all` (`npm run test:all`) the long suites, the
 * packaging test and the benches too. The last line is `N passed, N failed`, counted in tests; any failure of any step
 * makes the exit code 1.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { constants, tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { commandLine } from "./command-line.ts"

const root = dirname(import.meta.dirname)
const HELP = `Usage: npm test [-- --all]

Runs every check and says which failed: types, lint, import rules, dead code, tests. The last line counts tests.

  --all   the long suites, the packaging test and the benches too (npm run test:all)
  --help  prints this

The exit code is 1 if a check fails.`
const { values } = commandLine(HELP, { options: { all: { type: "boolean", default: false } } })

interface Result {
  readonly step: string
  readonly seconds: number
  readonly outcome: "ok" | "FAILED" | "SKIPPED"
  readonly detail: string
}

/** What the steps add up to. */
interface Report {
  readonly results: Result[]
  passed: number
  failed: number
}

const stopping = ["SIGINT", "SIGTERM", "SIGHUP"] as const
const report: Report = { results: [], passed: 0, failed: 0 }

const folders = globSync("{packages,test,examples,bench,scripts}/", { cwd: root })
await command("types", "tsc", "--noEmit", "--project", "tsconfig.json")
await command("lint and format", "biome", "check", "--error-on-warnings")
await command("import rules", "depcruise", "--config", ".dependency-cruiser.cjs", ...folders)
await command("start of a worker", "depcruise", "--config", "scripts/lint/worker-start.cjs", "packages")
await command("dead code", "knip")
await suite("tests", "vitest.config.ts", 10)
if (values.all) {
  await suite("long tests", "vitest.long.config.ts", 60)
  if (globSync("bench/*.bench.ts", { cwd: root }).length > 0)
    await command("benches", "node", "--import", "rove/register", "bench/run.ts", "--quick")
  else skip("benches", "there are none yet")
}
conclude()

/** Runs one command of the toolchain as a step; what it prints is shown. */
async function command(step: string, program: string, ...args: string[]): Promise<void> {
  announce(step)
  const started = performance.now()
  const end = await execute(program, args, 10)
  finish(step, started, end === "exit code 0", end)
}

/** Runs a program to its end, and says how it ended. Who ends the checks, ends it too. */
async function execute(program: string, args: string[], minutes: number, env = process.env): Promise<string> {
  const child = spawn(program, args, { cwd: root, env, stdio: "inherit", timeout: minutes * 60_000 })
  const stop = (signal: NodeJS.Signals) => {
    // A terminal has told the child already.
    if (signal !== "SIGINT") child.kill(signal)
    child.once("close", () => process.exit(128 + constants.signals[signal]))
  }
  for (const signal of stopping) process.on(signal, stop)
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, string | null]
    return signal === null ? `exit code ${code}` : `ended by ${signal}`
  } catch (error) {
    return `cannot run: ${(error as Error).message}`
  } finally {
    for (const signal of stopping) process.off(signal, stop)
  }
}

/** Runs a suite of tests as a step, and counts its tests. A file that failed as a whole counts as one failed test. */
async function suite(step: string, config: string, minutes: number): Promise<void> {
  announce(step)
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), "rove-check-"))
  const json = join(folder, "report.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${json}`]
  // Some thousand threads start in a run, each from the sources: the engine translates these once, not each time.
  const { NODE_COMPILE_CACHE = join(folder, "compiled") } = process.env
  const env = { ...process.env, NODE_COMPILE_CACHE }
  const run = (...files: string[]) =>
    execute("vitest", ["run", "--config", config, ...reporters, ...files], minutes, env)
  let end = await run()
  let counts = readCounts(json)
  let again = ""
  if (end !== "exit code 0" && counts.failed === 0 && counts.unfinished.length === 1) {
    // No test failed, and one was never told of: the engine died in it, as V8 at times does when threads end while others compile
    // ("Check failed: jit_page.has_value()"). That file has another chance, and is named.
    again = `, once more: ${counts.unfinished[0]}`
    const before = counts
    end = await run(...before.unfinished)
    counts = readCounts(json)
    counts.passed += before.passed - before.partly
  }
  counts.failed += counts.unfinished.length
  // An error outside of every test fails the run too, and the last line must not hide it.
  if (end !== "exit code 0" && counts.failed === 0) counts.failed = 1
  rmSync(folder, { recursive: true })
  report.passed += counts.passed
  report.failed += counts.failed
  finish(
    step,
    started,
    counts.failed === 0,
    `${detailOf(counts)}${again}${end.startsWith("exit code") ? "" : `, ${end}`}`,
  )
}

interface Counts {
  passed: number
  failed: number
  skipped: number
  /** Files in which tests began and did not end. */
  unfinished: string[]
  /** Tests of these that passed. */
  partly: number
}

function readCounts(json: string): Counts {
  let text: string
  try {
    text = readFileSync(json, "utf8")
  } catch {
    return { passed: 0, failed: 1, skipped: 0, unfinished: [], partly: 0 } // vitest was ended before it could write one
  }
  const run: VitestReport = JSON.parse(text)
  const unfinished = run.testResults.filter(({ assertionResults: tests }) => tests.some(isUnfinished))
  const whole = run.testResults.filter(file => failedAsWhole(file) && !unfinished.includes(file)).length
  const failed = run.numFailedTests + whole
  const partly = unfinished.flatMap(file => file.assertionResults).filter(({ status }) => status === "passed").length
  const names = unfinished.map(({ name }) => relative(root, name))
  const skipped = run.numPendingTests + run.numTodoTests
  return { passed: run.numPassedTests, failed, skipped, unfinished: names, partly }
}

function detailOf({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
}

/** A test that is meant to be left out is "skipped", and one that is still to be written "todo". */
function isUnfinished({ status }: { readonly status: string }): boolean {
  return status === "pending"
}

/** A file that cannot be loaded or set up fails, and none of its tests does. */
function failedAsWhole({ status, assertionResults }: VitestFile): boolean {
  return status === "failed" && assertionResults.every(test => test.status !== "failed")
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly VitestFile[]
}

interface VitestFile {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { readonly status: string }[]
}

function announce(step: string): void {
  console.log(`\n── ${step}`)
}

function finish(step: string, started: number, ok: boolean, detail: string): void {
  const seconds = (performance.now() - started) / 1000
  report.results.push({ step, seconds, outcome: ok ? "ok" : "FAILED", detail })
}

function skip(step: string, why: string): void {
  console.log(`\nSKIPPED ${step}: ${why}`)
  report.results.push({ step, seconds: 0, outcome: "SKIPPED", detail: why })
}

function conclude(): void {
  const { results, passed, failed } = report
  const width = Math.max(...results.map(result => result.step.length))
  console.log()
  for (const { step, seconds, outcome, detail } of results) {
    const note = outcome === "ok" && !detail.includes("passed") ? "" : `  ${detail}`
    console.log(`${step.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${outcome}${note}`)
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = results.some(result => result.outcome === "FAILED") ? 1 : 0
}
