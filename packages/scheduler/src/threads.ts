/**
 * Owns the threads of a pool from the outside: making them, connecting them to each other, and seeing them end.
 */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { MessageChannel, Worker, type WorkerOptions } from "node:worker_threads"
import { RoveError } from "@rove/core"
import { MAX_SLOTS, ThreadCells } from "./cells.ts"
import type { PoolConfig } from "./config.ts"
import { mail, PEER } from "./mail.ts"
import { type Mesh, type PeerStart, POOL } from "./mesh.ts"
import { announcedRegister } from "./modules.ts"
import { describe } from "./outcome.ts"
import { allocateRing } from "./ring.ts"
import type { WorkerStart } from "./start.ts"
import { StatCells, type ThreadStats } from "./stats.ts"

/** All rings of a pool together, about; one has at least this and at most that. Pages that are never used cost nothing. */
const RING_BYTES = 1 << 26
const SMALLEST_RING = 1 << 13
const LARGEST_RING = 1 << 20

export interface Thread {
  readonly id: number
  readonly slot: number
  readonly name: string
  readonly worker: Worker
  readonly cells: ThreadCells
  readonly stats: StatCells
  /** It has said that it runs. */
  ready: boolean
  /** It has said that no fiber is left there; asked for at the end. */
  empty: boolean
  ended: boolean
  /** What it died of, as far as it said so. */
  error: unknown
}

export interface ThreadsHost {
  exited(thread: Thread, code: number): void
}

export class Threads {
  readonly #mesh: Mesh
  readonly #cells: ThreadCells
  readonly #config: PoolConfig
  readonly #runtimeId: string
  readonly #host: ThreadsHost
  readonly #living = new Map<number, Thread>()
  /** Ended, and being dealt with. */
  readonly #last = new Map<number, Thread>()
  readonly #all: { readonly id: number; readonly name: string; readonly stats: StatCells }[] = []
  #ids = 0
  /** A thread has said whether fibers are left there, or is gone. */
  onEmpty: () => void = () => {}
  constructor(mesh: Mesh, cells: ThreadCells, config: PoolConfig, runtimeId: string, host: ThreadsHost) {
    this.#mesh = mesh
    this.#cells = cells
    this.#config = config
    this.#runtimeId = runtimeId
    this.#host = host
  }
  get living(): readonly Thread[] {
    return [...this.#living.values()]
  }
  /** A thread, though it may have ended a moment ago. */
  known(id: number): Thread | undefined {
    return this.#living.get(id) ?? this.#last.get(id)
  }
  stats(): ThreadStats[] {
    return this.#all.map(({ id, name, stats }) => stats.read(id, name, this.#living.has(id)))
  }

  /** Starts a thread and tells everyone of it. */
  start(): Thread {
    const id = ++this.#ids
    const slot = this.#freeSlot(id)
    const name = `${this.#config.name}-${id}`
    const cells = new ThreadCells()
    const stats = new StatCells()
    const toPool = this.#pair({ id: POOL, slot: 0, cells: this.#cells.buffer }, { id, slot, cells: cells.buffer })
    const peers = [toPool.first]
    const notices: (() => void)[] = []
    for (const other of this.#living.values()) {
      const pair = this.#pair(
        { id: other.id, slot: other.slot, cells: other.cells.buffer },
        { id, slot, cells: cells.buffer },
      )
      peers.push(pair.first)
      notices.push(() => this.#mesh.send(other.id, mail(PEER, "", 0, null, pair.second)))
    }
    const start: WorkerStart = {
      id,
      slot,
      name,
      runtimeId: this.#runtimeId,
      cells: cells.buffer,
      stats: stats.buffer,
      peers,
      quantum: this.#config.quantum,
      seed: (this.#config.seed * 0x9e3779b1 + id) | 0,
      register: registerOf(this.#config),
      hooked: this.#config.register !== null || announcedRegister() !== null,
    }
    const worker = makeWorker({ name, workerData: { rove: start }, transferList: peers.map(peer => peer.port) })
    const thread: Thread = {
      id,
      slot,
      name,
      worker,
      cells,
      stats,
      ready: false,
      empty: false,
      ended: false,
      error: undefined,
    }
    worker.on("error", error => {
      thread.error = error
    })
    worker.on("exit", code => {
      thread.ended = true
      this.#living.delete(id)
      this.#last.set(id, thread)
      this.#host.exited(thread, code)
      this.#last.delete(id)
    })
    this.#mesh.connect(toPool.second)
    for (const notice of notices) notice()
    this.#living.set(id, thread)
    this.#all.push({ id, name, stats })
    return thread
  }

  /** A connection, as each of its two ends sees the other. */
  #pair(first: Omit<PeerStart, "in" | "out" | "port">, second: Omit<PeerStart, "in" | "out" | "port">) {
    const share = RING_BYTES / (this.#config.workers + 1) ** 2
    const size = Math.min(LARGEST_RING, Math.max(SMALLEST_RING, 2 ** Math.floor(Math.log2(share))))
    const [there, back] = [allocateRing(size), allocateRing(size)]
    const { port1, port2 } = new MessageChannel()
    return {
      first: { ...first, in: there, out: back, port: port1 } satisfies PeerStart,
      second: { ...second, in: back, out: there, port: port2 } satisfies PeerStart,
    }
  }
  /** A slot is not used again soon: a late answer to the thread that had it would go to the wrong one. */
  #freeSlot(id: number): number {
    const used = new Set([...this.#living.values()].map(thread => thread.slot))
    let slot = 1 + ((id - 1) % (MAX_SLOTS - 1))
    while (used.has(slot)) slot = 1 + (slot % (MAX_SLOTS - 1))
    return slot
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
    `the entry file of rove's workers does not lie ${where}, so rove is inside of a bundle: make it external (in esbuild external: ["rove", "rove/*", "@rove/*"], in Vite and Rollup external: /^(@rove|rove)/), and have it installed where the bundle runs`,
  )
}

/** The hook of this process, else one that lies beside this package; a thread that needs none never imports it. */
function registerOf(config: PoolConfig): string | null {
  const given = config.register ?? announcedRegister()
  if (given !== null) return given
  for (const name of ["rove/register", "@rove/compiler/register"]) {
    try {
      return import.meta.resolve(name)
    } catch {}
  }
  return null
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

/** A thread's end in words. */
export function causeOf(thread: Thread, code: number): Error {
  const text = thread.error === undefined ? `it exited with code ${code}` : describe(thread.error)
  return new Error(`${thread.name}: ${text}`, { cause: thread.error })
}
