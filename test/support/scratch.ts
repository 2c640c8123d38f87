/** Scratch folders outside the workspace, and child processes that run in them. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

const workspace = join(import.meta.dirname, "..", "..")

/** Makes a folder with these files, in which `rove` is installed; it goes when the test ends. Paths may hold spaces. */
export function scratch(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rove test ")))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  install(folder, "rove", "packages/rove")
  write(folder, files)
  return folder
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** Links a package of the workspace (or of its node_modules) into the folder, as pnpm would. */
export function install(folder: string, name: string, from = `node_modules/${name}`): void {
  const link = join(folder, "node_modules", name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(realpathSync(join(workspace, from)), link)
}

/**
 * The environment of a program that is to have Rove in a few files, as whoever installs it has: it loads in half the time. Nothing
 * while vitest watches the sources (scripts/threads.ts).
 */
export function installed(): Readonly<Record<string, string>> {
  const { ROVE_TEST_ENTRY: entry } = process.env
  return entry === undefined ? {} : { NODE_OPTIONS: `--import=${new URL("places.js", entry).href}` }
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/**
 * Runs this Node with arguments; the cache is in the folder. Of the test runner's variables only the folder is handed down
 * in which the engine keeps Rove's translated sources: most of the time of a short process went into these.
 */
export function node(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return startNode(folder, args, env).ended
}

/** As `node`, for what is done to the process while it runs. */
export function startNode(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env
  const translated = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH, ROVE_CACHE: join(folder, ".cache"), ...translated, ...env },
  })
  let [out, err] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", text => (out += text))
  child.stderr.setEncoding("utf8").on("data", text => (err += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", code => resolve({ code, out, err }))
  })
  return { child, ended }
}
