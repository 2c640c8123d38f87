/**
 * Proves that tests can fail: `npm run mutations`, or some of them, `npm run mutations -- --only invariant` (as often as one
 * likes). Each mutation of `list.ts` is made in a copy of the workspace, and the tests that are named for it are run there; one
 * that they do not notice survives. `--why` prints by what it was noticed.
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
import { commandLine, refuse } from "../../scripts/command-line.ts"
import { MUTATIONS } from "./list.ts"
import type { Mutation } from "./mutation.ts"

const root = dirname(dirname(import.meta.dirname))
const HELP = `Usage: npm run mutations -- [--only TEXT]… [--why]

Changes Rove in a copy of the workspace, mutation by mutation, and runs the tests that have to notice. All take 7 minutes.

  --only TEXT  those with this in their names, as often as one likes
  --why        prints by what each was noticed
  --help       prints this

The exit code is 1 if one survives, and 2 if none has that name.`
const { values } = commandLine(HELP, {
  options: { only: { type: "string", multiple: true, default: [""] }, why: { type: "boolean", default: false } },
})

const chosen = MUTATIONS.filter(({ of, what }) => values.only.some(text => of.includes(text) || what.includes(text)))
if (chosen.length === 0)
  refuse(`no mutation has ${values.only.map(text => JSON.stringify(text)).join(" or ")} in its name`)

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
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly failureMessages: readonly string[] }[]
  }[]
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

/** The first line of what the first test said that failed. */
function reason({ testResults }: Report): string {
  const messages = testResults.flatMap(file => file.assertionResults.flatMap(test => test.failureMessages))
  return messages[0]?.split("\n")[0] ?? ""
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
    if (values.why) console.log(reason(report))
    return report.numFailedTests > 0 ? "noticed" : "SURVIVES"
  } finally {
    writeFileSync(file, source)
  }
}

const folder = copy()
let wrong = 0
try {
  for (const mutation of chosen) {
    const { of, what, test } = mutation
    const verdict = attempt(folder, mutation)
    if (verdict !== "noticed") wrong++
    console.log(`${verdict.padEnd(8)}  ${of.padEnd(36)}  ${what.padEnd(48)}  ${basename(test)}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
const all = chosen.length
console.log(wrong === 0 ? `all ${all} mutations are noticed` : `${wrong} of ${all} mutations are not noticed`)
process.exitCode = wrong === 0 ? 0 : 1
