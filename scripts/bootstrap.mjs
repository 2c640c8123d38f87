/**
 * Owns the way from a fresh clone to a running command: any Node from 20 on and npm are enough.
 *
 *     node scripts/bootstrap.mjs COMMAND [ARGUMENT…]
 *
 * Installs the pinned toolchain if the lockfile is not the one that was installed last, then runs COMMAND with
 * `node_modules/.bin` first in the path, so that `node` is the pinned Node. Signals reach the command, and its exit
 * code comes out. No dependencies: this file runs before there are any.
 */
import { spawn } from "node:child_process"
import { createHash, randomUUID } from "node:crypto"
import { existsSync, readFileSync, rmSync, statSync, utimes, writeFileSync } from "node:fs"
import { constants, hostname } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pnpm = `pnpm@${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).config.pnpm}`
const bin = join(root, "node_modules", ".bin")
const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node")
const stampFile = join(root, "node_modules", ".install-stamp")
const lockFile = join(root, ".install-lock")
const pathName = Object.keys(process.env).find(name => name.toUpperCase() === "PATH") ?? "PATH"
/** The path without our own commands (npm puts them in front): what installs must not run on what it replaces. */
const outerPath = (process.env[pathName] ?? "")
  .split(delimiter)
  .filter(folder => folder !== bin)
  .join(delimiter)

/** Looked up before anything takes time: npm may end while we install. */
const parent = process.ppid

const [command, ...args] = process.argv.slice(2)
if (command === undefined) fail("usage: node scripts/bootstrap.mjs COMMAND [ARGUMENT…]")
await ensureInstalled()
process.exit(
  await run(command === "node" ? pinnedNode : command, args, "inherit", {
    [pathName]: `${bin}${delimiter}${outerPath}`,
  }),
)

/** Installs unless what the lockfile says is installed already. Of several processes at once, one installs. */
async function ensureInstalled() {
  if (isInstalled()) return
  const release = await lock()
  try {
    if (isInstalled()) return
    await install()
    writeFileSync(stampFile, wantedStamp())
  } finally {
    release()
  }
}

function isInstalled() {
  return existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === wantedStamp()
}

/** What an installation is made from: the lockfile, the settings, the installer, and the kind of machine. */
function wantedStamp() {
  const hash = createHash("sha256").update(`${pnpm} ${process.platform} ${process.arch}`)
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)))
  return hash.digest("hex")
}

async function install() {
  console.error("Installing the pinned toolchain, this once …")
  const started = performance.now()
  const words = ["--yes", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"]
  // What pnpm prints goes to the standard error output: the standard output belongs to the command.
  const code = await run("npx", words, ["ignore", 2, 2], {
    CI: "true",
    npm_config_loglevel: "error",
    [pathName]: outerPath,
  })
  if (code !== 0 || !existsSync(pinnedNode)) {
    fail(
      `The installation did not succeed (exit code ${code}; the reason stands above).\n` +
        "It needs the npm registry once: is this machine online, and does `npm ping` answer?\n" +
        "Nothing is broken: the same command goes on where it stopped.",
      code || 1,
    )
  }
  console.error(`Installed in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}

/**
 * Takes the lock of the installation, and returns what releases it. The holder touches the lock file each second. A
 * lock whose holder is gone is broken, by one of those who wait: who creates the marker named after that lock's token
 * may, and since tokens are unique, nobody can break the lock of the next holder by mistake.
 */
async function lock() {
  const token = randomUUID()
  const mine = JSON.stringify({ token, pid: process.pid, host: hostname() })
  for (let told = false; !created(lockFile, mine); await sleep(200)) {
    if (!told) console.error("Another process is installing; waiting for it …")
    told = true
    const abandoned = abandonedToken()
    if (abandoned === undefined) continue
    const marker = `${lockFile}-${abandoned}`
    if (!created(marker, mine)) continue
    if (abandonedToken() === abandoned) rmSync(lockFile, { force: true })
    rmSync(marker, { force: true })
  }
  const heartbeat = setInterval(() => utimes(lockFile, new Date(), new Date(), () => {}), 1_000).unref()
  const release = () => {
    clearInterval(heartbeat)
    process.off("exit", release)
    if (existsSync(lockFile) && readFileSync(lockFile, "utf8") === mine) rmSync(lockFile)
  }
  process.on("exit", release)
  return release
}

/** Creates a file, atomically; false if it exists. */
function created(file, text) {
  try {
    writeFileSync(file, text, { flag: "wx" })
    return true
  } catch (error) {
    if (error.code === "EEXIST") return false
    throw error
  }
}

/** The token of a lock without a living holder: killed on this machine, or silent for a minute. */
function abandonedToken() {
  try {
    const silence = Date.now() - statSync(lockFile).mtimeMs
    const text = readFileSync(lockFile, "utf8")
    if (silence > 60_000) return text === "" ? "empty" : JSON.parse(text).token
    if (silence < 3_000 || text === "") return undefined
    const { token, pid, host } = JSON.parse(text)
    return host === hostname() && !isAlive(pid) ? token : undefined
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

/**
 * Runs a command and resolves to its exit code; 128 + n if signal n ended it, as a shell says it. A terminal sends
 * Ctrl-C to every process in front of it, so only without one is the interrupt forwarded. What comes twice within a
 * moment (npm forwards too) is forwarded once.
 */
function run(file, args, stdio, env) {
  const child = spawn(file, args, {
    stdio,
    // On Windows, what npm puts into .bin are scripts for the shell.
    shell: process.platform === "win32" && file !== pinnedNode,
    env: { ...process.env, ...env },
  })
  const last = new Map()
  const forward = signal => {
    if (signal === "SIGINT" && (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)) return
    const now = performance.now()
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) > 200) child.kill(signal)
    last.set(signal, now)
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"]
  for (const signal of signals) process.on(signal, forward)
  const watch = watchNpm(() => child.kill("SIGTERM"))
  return new Promise(resolve => {
    child.once("error", error => fail(`Cannot run ${file}: ${error.message}`, error.code === "ENOENT" ? 127 : 126))
    child.once("close", (code, signal) => {
      clearInterval(watch)
      for (const name of signals) process.off(name, forward)
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
}

/**
 * Calls back if npm was ended while we run. A signal sent to npm alone ends the shell between npm and us, and would
 * leave us and the command behind.
 */
function watchNpm(ended) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  return setInterval(() => {
    if (process.ppid !== parent) ended()
  }, 500)
}

function fail(message, code = 1) {
  console.error(message)
  process.exit(code)
}
