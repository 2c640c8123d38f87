/**
 * Runs every check and says which failed: `npm test`, and with `--all` (`npm run test:all`) the long suites, the
 * packaging test and the benches too. The last line is `N passed, N failed`, counted in tests; any failure of any step
 * makes the exit code 1.
 */
import { spawnSync } from "node:child_process"
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { parseArgs } from "node:util"

const root = dirname(import.meta.dirname)
const { values } = parseArgs({ options: { all: { type: "boolean", default: false } } })

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

const report: Report = { results: [], passed: 0, failed: 0 }

command("types", "tsc", "--noEmit", "--project", "tsconfig.json")
command("lint and format", "biome", "check", "--error-on-warnings")
command("import rules", "depcruise", "--config", ".dependency-cruiser.cjs", "packages", "test", "examples", "bench")
command("start of a worker", "depcruise", "--config", "scripts/lint/worker-start.cjs", "packages")
command("dead code", "knip")
suite("tests", "vitest.config.ts")
if (values.all) {
  suite("long tests", "vitest.long.config.ts")
  if (globSync("bench/*.bench.ts", { cwd: root }).length > 0)
    command("benches", "node", "--import", "rove/register", "bench/run.ts", "--quick")
  else skip("benches", "there are none yet")
}
conclude()

/** Runs one command of the toolchain as a step; what it prints is shown. */
function command(step: string, program: string, ...args: string[]): void {
  announce(step)
  const started = performance.now()
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" })
  finish(
    step,
    started,
    status === 0,
    error?.message ?? (signal === null ? `exit code ${status}` : `ended by ${signal}`),
  )
}

/** Runs a suite of tests as a step, and counts its tests. A file that failed as a whole counts as one failed test. */
function suite(step: string, config: string): void {
  announce(step)
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), "rove-check-"))
  const json = join(folder, "report.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${json}`]
  const { status } = spawnSync("vitest", ["run", "--config", config, ...reporters], { cwd: root, stdio: "inherit" })
  const counts = readCounts(json)
  rmSync(folder, { recursive: true })
  report.passed += counts.passed
  report.failed += counts.failed
  finish(step, started, status === 0 && counts.failed === 0, counts.detail)
}

function readCounts(json: string): { passed: number; failed: number; detail: string } {
  let text: string
  try {
    text = readFileSync(json, "utf8")
  } catch {
    return { passed: 0, failed: 1, detail: "vitest wrote no report" }
  }
  const run: VitestReport = JSON.parse(text)
  const failed = run.numFailedTests + run.testResults.filter(failedAsWhole).length
  const idle = run.numPendingTests + run.numTodoTests
  const skipped = idle > 0 ? `, ${idle} skipped` : ""
  return { passed: run.numPassedTests, failed, detail: `${run.numPassedTests} passed, ${failed} failed${skipped}` }
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
