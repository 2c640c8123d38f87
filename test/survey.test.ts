/** The main job in real processes, on a small tree with everything in it that can go wrong. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Findings } from "../examples/survey/findings.ts"
import { tokensOf } from "../examples/survey/plain.ts"
import { readText } from "../examples/survey/read.ts"
import { tokenise } from "../examples/survey/tokens.ts"

const workspace = dirname(import.meta.dirname)
const root = process.getuid?.() === 0
/** Nothing is unreadable to root: the survey then runs as nobody, */
const NOBODY = 65534
/** who has no caches, and gets some. */
let caches: string

let tree: string
beforeAll(() => {
  caches = mkdtempSync(join(tmpdir(), "rove-survey-caches-"))
  if (root) chownSync(caches, NOBODY, NOBODY)
  tree = mkdtempSync(join(tmpdir(), "rove-survey-"))
  chmodSync(tree, 0o755)
  for (const folder of ["src/deep", "copies", "locked", "empty"]) mkdirSync(join(tree, folder), { recursive: true })
  put("src/one.ts", "// the first\nexport const one = 1\n")
  put("src/deep/two.ts", 'export const two = "2" /* a comment\nof two lines */\n')
  for (let i = 0; i < 30; i++) put(`copies/${i}.js`, `const name = \`a ${"long ".repeat(2000)}\`\n`)
  put("src/copy of one.ts", "// the first\nexport const one = 1\n")
  put("empty/nothing", "")
  put("binary", "PNG\0\x01\x02")
  put("large", "")
  truncateSync(join(tree, "large"), 101 * 1024 * 1024)
  put("locked/inside", "never seen")
  put("unreadable", "never seen")
  // root's own: nobody may not look
  if (root) for (const path of ["locked", "unreadable"]) chownSync(join(tree, path), 0, 0)
  chmodSync(join(tree, "unreadable"), 0o000)
  chmodSync(join(tree, "locked"), 0o000)
  execFileSync("mkfifo", [join(tree, "pipe")])
  symlinkSync("nowhere", join(tree, "dangling"))
  symlinkSync("..", join(tree, "src", "upwards"))
  symlinkSync("there", join(tree, "here"))
  symlinkSync("here", join(tree, "there"))
  symlinkSync("src/one.ts", join(tree, "good link"))
})
afterAll(() => {
  chmodSync(join(tree, "locked"), 0o755)
  for (const folder of [tree, caches]) rmSync(folder, { recursive: true })
})

function put(path: string, text: string): void {
  writeFileSync(join(tree, path), text)
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the survey as `npm start -- ARGUMENTS` does. */
function start(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "rove/register", "examples/survey.ts", ...args], {
    cwd: workspace,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", ...(root ? cachesOfNobody() : {}) },
    ...(root ? { uid: NOBODY } : {}),
  })
  return ending(child)
}

function cachesOfNobody(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(caches, "engine"), ROVE_CACHE: join(caches, "rove") }
}

function ending(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""]
  child.stdout?.on("data", data => {
    out += data
  })
  child.stderr?.on("data", data => {
    err += data
  })
  return new Promise(resolve => child.once("close", code => resolve({ code, out, err })))
}

/** Until the child's standard error holds that word: what comes first there may be another's. */
function said(child: ChildProcess, word: string): Promise<void> {
  return new Promise(resolve => {
    let text = ""
    child.stderr?.on("data", data => {
      text += data
      if (text.includes(word)) resolve()
    })
  })
}

describe("survey", () => {
  test("finds the same with one worker, with three, and as a plain program; skips what cannot be surveyed and says why", {
    timeout: 40_000,
  }, async () => {
    const runs = [start([tree, "--json", "--workers", "1", "--check"]), start([tree, "--json", "--workers", "3"])]
    const [one, three] = await Promise.all(runs)
    expect(one).toMatchObject({ code: 0, err: expect.stringContaining("finds the same") })
    expect(three?.code).toBe(0)
    const { findings, threads } = JSON.parse(one?.out ?? "") as { findings: Findings; threads: unknown[] }
    expect(JSON.parse(three?.out ?? "")).toMatchObject({ ending: "done", findings })
    expect(threads).toHaveLength(1)
    expect(findings).toMatchObject({ directories: 6, files: 34, links: 1 })
    expect(findings.mostCopies[0]?.paths).toHaveLength(30)
    expect(findings.repeated).toEqual({ contents: 2, bytes: 29 * 10_018 + 34 })
    expect(findings.largest[0]?.bytes).toBe(10_018)
    expect(findings.skipped.map(({ path, why }) => `${path}: ${why}`)).toEqual([
      "binary: binary",
      "dangling: dangling link",
      "here: cyclic link",
      "large: too large",
      "locked: unreadable",
      "pipe: special file",
      "src/upwards: cyclic link",
      "there: cyclic link",
      "unreadable: unreadable",
    ])
  })

  test("prints findings and a row for each thread, without colours where nobody sees them", async () => {
    const { code, out } = await start([tree, "--workers", "2"])
    expect(code).toBe(0)
    expect(out).toMatch(/^34 files in 6 directories/)
    expect(out).toMatch(/thread +slices +fibers run +steals asked +answered .* busy\nworker-1 .*%\nworker-2 .*%\n/)
    expect(out).not.toContain("\x1b")
  })

  // util-linux's `script` gives a command a terminal
  test.skipIf(spawnSync("script", ["--version"]).status !== 0)(
    "on a terminal there is progress, and colours unless NO_COLOR",
    { timeout: 30_000 },
    async () => {
      const run = async (env: string): Promise<string> => {
        const command = `${env} ${process.execPath} --import rove/register examples/survey.ts docs`
        const child = spawn("script", ["-qec", command, "/dev/null"], {
          cwd: workspace,
          // Node paints nothing on a terminal that it takes for a CI's log
          env: { ...plainEnv(), TERM: "xterm", CI: undefined },
          stdio: ["ignore", "pipe", "pipe"],
        })
        return (await ending(child)).out
      }
      const [coloured, plain] = await Promise.all([run(""), run("NO_COLOR=1")])
      expect(coloured).toMatch(/0 directories, 0 fibers done …/)
      expect(coloured).toContain("\x1b[1m")
      expect(plain).not.toContain("\x1b[1m")
    },
  )

  test("Ctrl-C ends it at once with a summary and exit code 130, through the start script too", {
    timeout: 40_000,
  }, async () => {
    const command = [
      "scripts/bootstrap.mjs",
      "node",
      "--import",
      "rove/register",
      "examples/survey.ts",
      "--workers",
      "1",
    ]
    const child = spawn(process.execPath, command, {
      cwd: workspace,
      stdio: ["ignore", "pipe", "pipe"],
      env: plainEnv(),
    })
    const ended = ending(child)
    await said(child, "surveying")
    await new Promise(resolve => setTimeout(resolve, 300))
    const asked = performance.now()
    child.kill("SIGINT")
    const { code, out } = await ended
    expect(performance.now() - asked).toBeLessThan(5000)
    expect(out).toMatch(/^Interrupted\. Until then:\n\n[\d,]+ files/)
    expect(out).toContain("worker-1")
    expect(code).toBe(130)
  })

  test("wrong usage is refused with a message and exit code 2", { timeout: 30_000 }, async () => {
    const cases = [
      [["/no/such/folder"], "/no/such/folder is not there"],
      [["package.json"], "is not a folder"],
      [["--workers", "0"], "--workers takes a number from 1 to 64, not 0"],
      [["--depth"], "--depth"],
      [["docs", "test"], "one folder at a time"],
    ] as const
    const runs = cases.map(async ([args, message]) => ({ message, ...(await start(args)) }))
    for (const { message, code, out, err } of await Promise.all(runs)) {
      expect({ code, out }).toEqual({ code: 2, out: "" })
      expect(err).toContain(message)
    }
  })
})

describe("reading", () => {
  test("a file that was deleted meanwhile is gone", async () => {
    expect(await readText(tree, "was here", 1)).toMatchObject({ path: "was here", why: "gone" })
  })
})

describe("tokens", () => {
  test("the fiber's loops and the regular expressions see the same in any text", () => {
    const pieces = [
      "a",
      "b1",
      "12",
      " ",
      "\n",
      '"',
      "'",
      "`",
      "\\",
      "/",
      "*",
      "//",
      "/*",
      "*/",
      "é",
      "+",
      "\r\n",
      "\x01",
    ]
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map(parts => Buffer.from(parts.join("")))
    fc.assert(
      fc.property(text, bytes => {
        // not compiled here, so it runs as the native generator that it is in the source
        expect(tokenise(bytes).next().value).toEqual(tokensOf(bytes))
      }),
      { numRuns: 3000 },
    )
  })
})

function plainEnv(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
  return { ...env, NODE_OPTIONS: "" }
}
