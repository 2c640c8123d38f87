/**
 * Owns what a pool needs of its process: real threads, channels between them, and the way to what they share. An object
 * that is passed in; a simulation has another one.
 */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { MessageChannel, type MessagePort, Worker, type WorkerOptions } from "node:worker_threads"
import { RoveError } from "@rove/core"
import { uniqueId } from "./builtins.ts"
import { codeCache } from "./code-cache.ts"
import { type Alarm, idleAlarm } from "./loop.ts"
import { realWiring, type Wiring } from "./mailbox.ts"
import { announcedRegister } from "./modules.ts"
import { CACHE_VARIABLE, type WorkerStart } from "./start.ts"

/** A thread from the outside. */
export interface OsThread {
  on(event: "error", listener: (error: unknown) => void): unknown
  on(event: "exit", listener: (code: number) => void): unknown
  once(event: "exit", listener: (code: number) => void): unknown
  terminate(): unknown
}

export interface Platform {
  readonly wiring: Wiring
  /** Of the pool's own thread. */
  readonly alarm: Alarm
  /** Unique for ever. */
  id(): string
  channel(): { readonly port1: MessagePort; readonly port2: MessagePort }
  /** Starts a thread; the ports in `start` are moved. */
  thread(start: WorkerStart): OsThread
  /** A thread that is there, and that is told `start`; the pool's end of the connection to it is `port`. */
  guest(start: WorkerStart, port: MessagePort): OsThread
}

export const realPlatform: Platform = {
  wiring: realWiring,
  alarm: idleAlarm,
  id: uniqueId,
  channel: () => new MessageChannel(),
  guest: (_, port) => new GuestThread(port),
  thread: start => {
    const cache = codeCache()
    return makeWorker({
      name: start.name,
      workerData: { rove: start, ownCache: cache?.isOwn === true },
      ...(cache === null ? {} : { env: { ...process.env, [CACHE_VARIABLE]: cache.folder } }),
      transferList: start.peers.map(peer => peer.port),
      ...(start.limits.memory === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: start.limits.memory } }),
    })
  },
}

/** A thread that is not the pool's: it has ended for the pool when the connection to it has. */
class GuestThread implements OsThread {
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    this.#port = port
  }
  on(event: "error" | "exit", listener: (given: never) => void): void {
    // of both events one listener has the type, and this is the one for an exit
    if (event === "exit") this.#port.once("close", () => listener(0 as never))
  }
  once(event: "exit", listener: (code: number) => void): void {
    this.on(event, listener)
  }
  terminate(): void {
    this.#port.close()
  }
}

function makeWorker(options: WorkerOptions): Worker {
  const given = argumentsForWorkers(process.execArgv)
  // Inherited arguments are not checked; given ones are, and options of the whole process are refused.
  if (given.length === process.execArgv.length) return new Worker(entryUrl(), options)
  try {
    return new Worker(entryUrl(), { ...options, execArgv: given })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_INVALID_EXEC_ARGV") throw error
    const refused = (error as Error).message.split(": ").slice(1).join(": ").split(", ")
    return new Worker(entryUrl(), { ...options, execArgv: given.filter(arg => !refused.includes(arg)) })
  }
}

function entryUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js", import.meta.url)
}

/** Throws ROVE_WORKER_START if this code was bundled: the file that workers run does not lie beside it then. */
export function refuseBundled(): void {
  const here: string | undefined = import.meta.url // a bundle of another format has none
  if (here && entryUrl().href !== here && existsSync(entryUrl())) return
  const where = here?.startsWith("file:") ? `beside ${fileURLToPath(here)}` : "beside this code"
  throw new RoveError(
    "ROVE_WORKER_START",
    `the entry file of rove's workers does not lie ${where}, so rove is inside of a bundle: make it external (in esbuild external: ["rove", "rove/*", "@rove/*"], in Vite and Rollup external: /^(@rove|rove)(\\/|$)/), and have it installed where the bundle runs`,
  )
}

/** Options of the command line that are about its script, with their values. */
const OF_THE_SCRIPT = new Set(["-e", "--eval", "-p", "--print", "-pe", "--input-type"])

/**
 * What a worker is started with. Workers install the hook when they first need it, not at their start: it brings the
 * parser along.
 */
function argumentsForWorkers(execArgv: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i < execArgv.length; i++) {
    const arg = execArgv[i] as string
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1
    const flag = equals < 0 ? arg : arg.slice(0, equals)
    const value = equals < 0 ? execArgv[i + 1] : arg.slice(equals + 1)
    if (!OF_THE_SCRIPT.has(flag) && !(flag === "--import" && isRegister(value))) kept.push(arg)
    else if (equals < 0) i++
  }
  return kept
}

function isRegister(specifier: string | undefined): boolean {
  if (specifier === undefined) return false
  if (specifier === "rove/register" || specifier === "@rove/compiler/register") return true
  const announced = announcedRegister()
  if (announced === null) return false
  return specifier === announced || (announced.startsWith("file:") && specifier === fileURLToPath(announced))
}

/** Each worker would start workers, and these again. */
export function refuseInModule(url: string | null): void {
  if (url === null) return
  throw new RoveError(
    "ROVE_POOL_IN_MODULE",
    `a pool is started while a worker evaluates ${url} for the fibers in it; every worker would start one. Start the pool in a module without fibers`,
  )
}
