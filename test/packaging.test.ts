/** Packs what would be published, installs it far from the workspace with plain npm, and uses it there. */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, dirname, isAbsolute, join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { build } from "../scripts/build.ts"

const root = dirname(import.meta.dirname)
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { config: { pnpm: string } }

const fibers = `"use fibers"
import { currentThread, spawn, type Resumable } from "rove"

export function* fib(n: number): Resumable<number> {
  if (n < 2) return n
  const left = yield* spawn(fib(n - 1))
  const right = yield* fib(n - 2)
  return (yield* left.join()) + right
}

/** Keeps a thread busy, and says which one it was. */
function* busy(turns: number): Resumable<number> {
  let sum = 0
  for (let turn = 0; turn < turns; turn += 1) sum += Math.sqrt(turn)
  return sum > 0 ? currentThread().id : -1
}

export function* threads(children: number): Resumable<number> {
  const running = []
  for (let child = 0; child < children; child += 1) running.push(yield* spawn(busy(2_000_000)))
  const seen = new Set<number>()
  for (const child of running) seen.add(yield* child.join())
  return seen.size
}
`
const program = `import { Pool } from "rove"
import { fib, threads } from "./fibers.ts"

await using pool = await Pool.start({ workers: 2 })
console.log(JSON.stringify({ fib: await pool.run(fib(16)), threads: await pool.run(threads(40)) }))
`
const tsconfig = {
  extends: "./tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    lib: ["esnext", "dom"],
    typeRoots: [join(root, "node_modules/@types")],
    skipLibCheck: false,
  },
  include: ["*.ts"],
}

const npmInstall = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]

let folder: string
let user: string
let offline = false
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rove packaging-")))
  user = join(folder, "user")
  mkdirSync(user)
  writeFileSync(join(user, "package.json"), `{ "name": "user", "type": "module", "private": true }\n`)
  try {
    const tarballs = await pack(join(folder, "workspace"), join(folder, "tarballs"))
    run(user, "npm", [...npmInstall, ...tarballs])
  } catch (error) {
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/.test(String(error))) throw error
    console.log("SKIPPED packaging: the npm registry cannot be reached")
    offline = true
  }
  writeFileSync(join(user, "fibers.ts"), fibers)
  writeFileSync(join(user, "program.ts"), program)
  cpSync(join(root, "tsconfig.base.json"), join(user, "tsconfig.base.json"))
  writeFileSync(join(user, "tsconfig.json"), JSON.stringify(tsconfig))
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(({ skip }) => skip(offline, "the npm registry cannot be reached"))

describe("the packed packages", { timeout: 60_000 }, () => {
  test("hold no test, and name no file that they do not hold", () => {
    for (const folder of [...globSync("node_modules/@rove/*", { cwd: user }), "node_modules/rove"]) {
      const files = globSync("**/*", { cwd: join(user, folder) })
      expect(files.filter(file => /\.test\.|tsbuildinfo/.test(file))).toEqual([])
      expect(files).toContain("LICENSE")
      const text = readFileSync(join(user, folder, "package.json"), "utf8")
      const { exports, bin = {} } = JSON.parse(text) as { exports: Exports; bin?: Record<string, string> }
      const named = [...Object.values(exports).flatMap(each => [each.types, each.default]), ...Object.values(bin)]
      for (const file of named) expect(files, `${basename(folder)} names ${file}`).toContain(file.replace("./", ""))
      expect(text).not.toContain("workspace:")
    }
  })

  test("run a program of fibers on two workers, from TypeScript sources", () => {
    const out = run(user, "node", ["--import", "rove/register", "program.ts"])
    expect(JSON.parse(out)).toEqual({ fib: 987, threads: 2 })
  })

  test("have declarations that a program checks against", () => {
    expect(run(user, "tsc", ["--project", "tsconfig.json"])).toBe("")
  })

  test("have few files for a thread to load at its start, and none of Node's heavy modules", () => {
    const loaded = loadedBy("@rove/scheduler/entry")
    const ours = loaded.filter(file => isAbsolute(file))
    expect(ours.map(file => basename(file)).toSorted()).toEqual([
      "entry.js",
      "index.js",
      "scheduling.js",
      "shared.js",
      "shared.js",
    ])
    const nodes = loaded.filter(file => !isAbsolute(file))
    expect(nodes).toContain("node:worker_threads")
    for (const heavy of ["node:fs", "node:crypto"]) expect(nodes).not.toContain(heavy)
  })

  test("have few files for the load hook, and the parser comes with another one, which it knows by its name", () => {
    const ours = loadedBy("@rove/compiler/hooks").filter(file => isAbsolute(file))
    expect(ours.length).toBeLessThan(12)
    expect(ours.filter(file => /oxc|compile\.js|prepare\.js/.test(basename(file)))).toEqual([])
    const folder = dirname(ours[0] as string)
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["hooks.js", "prepare.js"]))
  })

  test("show classes by the names that they have in the sources", () => {
    const shown = `import * as rove from "rove"
const named = Object.entries(rove).filter(([, value]) => typeof value === "function" && /^class/.test(String(value)))
const wrong = named.filter(([name, made]) => made.name !== name)
console.log(named.length > 20, wrong.map(([name]) => name))`
    expect(run(user, "node", ["--input-type=module", "--eval", shown])).toBe("true []\n")
  })

  test("bring the command `rove`", () => {
    expect(run(user, join(user, "node_modules/.bin/rove"), ["--help"])).toMatch(/rove/)
  })
})

/** What is loaded with a module, first itself: files by their paths, and Node's own modules. */
function loadedBy(name: string): readonly string[] {
  const loaded = new Set<string>()
  const look = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    if (!isAbsolute(file)) return
    const { resolve } = createRequire(file)
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(IMPORTS)) look(resolve(name))
  }
  look(createRequire(join(user, "program.ts")).resolve(name))
  return [...loaded]
}

/** Of a bundle without white space: what is imported when it is loaded. */
const IMPORTS = /(?:\bfrom|\bimport)\s*"([^"]+)"/g

type Exports = Record<string, { readonly types: string; readonly default: string }>

/** Builds and packs a copy of the workspace, so that two runs of this test do not build in one folder. */
async function pack(workspace: string, tarballs: string): Promise<string[]> {
  mkdirSync(tarballs)
  cpSync(join(root, "packages"), join(workspace, "packages"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: file => basename(file) !== "dist",
  })
  for (const file of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "tsconfig.base.json", "LICENSE"])
    cpSync(join(root, file), join(workspace, file))
  symlinkSync(join(root, "node_modules"), join(workspace, "node_modules"))
  await build(workspace)
  const words = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", tarballs]
  run(workspace, "npx", ["--yes", `pnpm@${manifest.config.pnpm}`, ...words])
  return globSync("*.tgz", { cwd: tarballs }).map(file => join(tarballs, file))
}

/** Runs a program to its end, and returns what it printed; a failure shows all of it. */
function run(cwd: string, file: string, args: string[]): string {
  const { status, error, stdout, stderr } = spawnSync(file, args, { cwd, encoding: "utf8", timeout: 100_000 })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${basename(file)} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`)
  return stdout
}
