/**
 * Proves that tests can fail: `npm run mutations`, or some of them, `npm run mutations -- --only invariant`. Each mutation of
 * `list.ts` is made in a copy of the workspace, and the tests that are named for it are run there; one that they do not notice survives.
 */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { MUTATIONS, type Mutation } from "./list.ts"

const root = dirname(dirname(import.meta.dirname))
const { values } = parseArgs({ options: { only: { type: "string", default: "" } } })

/** A copy of the workspace whose packages are its own; what others have made is where it was. */
function copy(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rove-mutations-")))
  for (const name of readdirSync(root)) {
    if (/^(\.git|node_modules|dist)$/.test(name)) continue
    cpSync(join(root, name), join(folder, name), { recursive: true, verbatimSymlinks: true })
  }
  const modules = join(folder, "node_modules")
  mkdirSync(join(modules, "@rove"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "@rove" && name !== "rove") symlinkSync(join(root, "node_modules", name), join(modules, name))
  symlinkSync("../packages/rove", join(modules, "rove"))
  for (const name of readdirSync(join(root, "packages")))
    if (name !== "rove") symlinkSync(`../../packages/${name}`, join(modules, "@rove", name))
  return folder
}

type Verdict = "noticed" | "SURVIVES" | "NOT RUN"

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
}

function tests(folder: string, { test, named }: Pick<Mutation, "test" | "named">): Report | null {
  const json = join(folder, "report.json")
  rmSync(json, { force: true })
  const reporters = ["--reporter=json", `--outputFile=${json}`]
  spawnSync("vitest", ["run", test, ...(named === "" ? [] : ["-t", named]), ...reporters], {
    cwd: folder,
    timeout: 120_000,
  })
  try {
    return JSON.parse(readFileSync(json, "utf8")) as Report
  } catch {
    return null
  }
}

function attempt(folder: string, mutation: Mutation): Verdict {
  const file = join(folder, "packages", mutation.file)
  const source = readFileSync(file, "utf8")
  if (source.split(mutation.from).length !== 2) return "NOT RUN"
  writeFileSync(
    file,
    source.replace(mutation.from, () => mutation.to),
  )
  try {
    const report = tests(folder, mutation)
    if (report === null || report.numPassedTests + report.numFailedTests === 0) return "NOT RUN"
    return report.numFailedTests > 0 ? "noticed" : "SURVIVES"
  } finally {
    writeFileSync(file, source)
  }
}

const folder = copy()
let wrong = 0
try {
  for (const mutation of MUTATIONS) {
    const { of, what, test } = mutation
    if (!of.includes(values.only) && !what.includes(values.only)) continue
    const verdict = attempt(folder, mutation)
    if (verdict !== "noticed") wrong++
    console.log(`${verdict.padEnd(8)}  ${of.padEnd(36)}  ${what.padEnd(48)}  ${basename(test)}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(wrong === 0 ? "all mutations are noticed" : `${wrong} of ${MUTATIONS.length} mutations are not noticed`)
process.exitCode = wrong === 0 ? 0 : 1
