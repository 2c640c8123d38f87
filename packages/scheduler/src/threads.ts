/**
 * Owns the threads of a pool from the outside: making them, connecting them to each other, and seeing them end.
 */
import type { MessagePort } from "node:worker_threads"
import { allowedProcessors, freeProcessor, own } from "./affinity.ts"
import { MAX_SLOTS, ThreadCells } from "./cells.ts"
import type { PoolConfig } from "./config.ts"
import { EndedThreads } from "./ended-threads.ts"
import { FINAL, IS_EMPTY, IS_RECORDED, LEFT, mail, PEER } from "./mail.ts"
import { type Mesh, type PeerStart, POOL } from "./mesh.ts"
import { noThread } from "./migrations.ts"
import { announcedRegister } from "./modules.ts"
import { describe } from "./outcome.ts"
import type { OsThread, Platform } from "./platform.ts"
import { PulseReader } from "./pulse.ts"
import { allocateRing } from "./ring.ts"
import type { WorkerStart } from "./start.ts"
import { type EarlierStats, StatCells, type ThreadStats } from "./stats.ts"

/** All rings of a pool together, about; one has at least this and at most that. Pages that are never used cost nothing. */
const RING_BYTES = 1 << 26
const SMALLEST_RING = 1 << 13
const LARGEST_RING = 1 << 20

export interface Thread {
  readonly id: number
  readonly slot: number
  readonly name: string
  readonly worker: OsThread
  readonly cells: ThreadCells
  readonly stats: StatCells
  readonly pulse: PulseReader | null
  /** The processor that it has for itself; null if it shares them all. */
  processor: number | null
  /** It has said that it runs. */
  ready: boolean
  /** It has said that no fiber is left there; asked for at the end. */
  empty: boolean
  /** It has said that whatever can be a record there is one; asked for at the end. */
  recorded: boolean
  /** It is to go, and is not replaced. */
  leaving: boolean
  /** Nobody new is connected to it. */
  left: boolean
  /** One that the pool did not make: it has come, and goes when it wants to. */
  readonly guest: boolean
  ended: boolean
  /** Why the pool ended it by force; null if it did not. */
  forced: string | null
  /** What it died of, as far as it said so. */
  error: unknown
}

export interface ThreadsHost {
  /** It is no home any more. */
  left(thread: Thread): void
  exited(thread: Thread, code: number): void
}

export class Threads {
  readonly #mesh: Mesh
  readonly #cells: ThreadCells
  readonly #config: PoolConfig
  readonly #runtimeId: string
  readonly #platform: Platform
  readonly #host: ThreadsHost
  /** Whether threads say what they run. */
  readonly #watched: boolean
  readonly #living = new Map<number, Thread>()
  /** Ended, and being dealt with. */
  readonly #last = new Map<number, Thread>()
  readonly #ended = new EndedThreads()
  #ids = 0
  /** Those that threads may have for themselves. */
  #processors: readonly number[] = []
  /** Called when a thread has said whether fibers are left there, or is gone. */
  readonly onEmpty = new Set<() => void>()
  constructor(
    mesh: Mesh,
    cells: ThreadCells,
    config: PoolConfig,
    runtimeId: string,
    platform: Platform,
    watched: boolean,
    host: ThreadsHost,
  ) {
    this.#watched = watched
    this.#mesh = mesh
    this.#cells = cells
    this.#config = config
    this.#runtimeId = runtimeId
    this.#platform = platform
    this.#host = host
  }
  get living(): readonly Thread[] {
    return [...this.#living.values()]
  }
  /** A thread, though it may have ended a moment ago. */
  known(id: number): Thread | undefined {
    return this.#living.get(id) ?? this.#last.get(id)
  }
  /** Of those that live and of the last that ended, in the order in which they started; and of those that ended earlier. */
  stats(): { readonly threads: readonly ThreadStats[]; readonly earlier: EarlierStats } {
    const { last, earlier } = this.#ended
    const living = this.living.map(({ id, name, stats }) => stats.read(id, name, true))
    return { threads: [...last, ...living].sort((a, b) => a.id - b.id), earlier }
  }

  /** Null if threads share the processors in any case; else resolves before any starts, with why they do all the same, or "". */
  findProcessors(): Promise<string> | null {
    if (!this.#config.cpuAffinity) return null
    return allowedProcessors().then(found => {
      this.#processors = found
      return found.length === 0 ? "this system does not say which processors there are" : ""
    })
  }
  /** It has said what is left there. */
  emptied(id: number, what: number): void {
    const thread = this.known(id)
    if (thread !== undefined) {
      thread.empty = what === IS_EMPTY
      thread.recorded ||= what === IS_RECORDED
    }
    for (const told of this.onEmpty) told()
  }
  /** Throws ROVE_NO_THREAD if there never was such a thread. */
  refuse(id: number): void {
    if (id < 1 || id > this.#ids) throw noThread(id)
  }
  /** Starts a thread and tells everyone of it. */
  start(): Thread {
    const id = ++this.#ids
    return this.#add(id, `${this.#config.name}-${id}`, false, start => this.#platform.thread(start))
  }
  /** Takes in a thread that the pool did not make; gives how it connects. */
  invite(name: string | null): WorkerStart {
    const id = ++this.#ids
    const given: WorkerStart[] = []
    this.#add(id, name ?? `${this.#config.name}-${id}`, true, (start, port) => {
      given.push(start)
      return this.#platform.guest(start, port)
    })
    return given[0] as WorkerStart
  }
  /** It has no fibers: it goes when all others have heard of that, and said goodbye. */
  sayGoodbye(thread: Thread): void {
    thread.left = true
    this.#mesh.markGone(thread.id)
    this.#host.left(thread)
    const others = this.living.filter(other => other !== thread)
    for (const { id } of others) this.#mesh.send(id, mail(LEFT, "", thread.id), "loud")
    this.#mesh.send(
      thread.id,
      mail(
        FINAL,
        "",
        0,
        null,
        others.map(({ id }) => id),
      ),
      "loud",
    )
  }
  /** Those of the pool that are not about to go. */
  get staying(): readonly Thread[] {
    return this.living.filter(({ leaving, guest }) => !leaving && !guest)
  }

  #add(id: number, name: string, guest: boolean, make: (start: WorkerStart, port: MessagePort) => OsThread): Thread {
    const slot = this.#freeSlot(id)
    const cells = new ThreadCells()
    const stats = new StatCells()
    const pulse = this.#watched ? new PulseReader() : null
    const processor = guest ? null : freeProcessor(this.#processors)
    const toPool = this.#pair({ id: POOL, slot: 0, cells: this.#cells.buffer }, { id, slot, cells: cells.buffer })
    const peers = [toPool.first]
    const notices: (() => void)[] = []
    for (const other of this.#living.values()) {
      if (other.left) continue
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
      pulse: pulse?.buffer ?? null,
      peers,
      processor,
      quantum: this.#config.quantum,
      limits: this.#config.limits,
      seed: (this.#config.seed * 0x9e3779b1 + id) | 0,
      register: registerOf(this.#config),
      hooked: this.#config.register !== null || announcedRegister() !== null,
    }
    const worker = make(start, toPool.second.port)
    const thread: Thread = {
      id,
      slot,
      name,
      worker,
      cells,
      stats,
      pulse,
      processor,
      ready: false,
      empty: false,
      recorded: false,
      leaving: false,
      left: false,
      guest,
      ended: false,
      forced: null,
      error: undefined,
    }
    own(thread)
    worker.on("error", error => {
      thread.error = error
    })
    worker.on("exit", code => {
      thread.ended = true
      this.#living.delete(id)
      this.#last.set(id, thread)
      this.#ended.add(stats.read(id, name, false))
      this.#host.exited(thread, code)
      this.#last.delete(id)
    })
    this.#mesh.connect(toPool.second)
    for (const notice of notices) notice()
    this.#living.set(id, thread)
    return thread
  }

  /** A connection, as each of its two ends sees the other. */
  #pair(first: Omit<PeerStart, "in" | "out" | "port">, second: Omit<PeerStart, "in" | "out" | "port">) {
    const share = RING_BYTES / (this.#config.workers + 1) ** 2
    const size = Math.min(LARGEST_RING, Math.max(SMALLEST_RING, 2 ** Math.floor(Math.log2(share))))
    const [there, back] = [allocateRing(size), allocateRing(size)]
    const { port1, port2 } = this.#platform.channel()
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

/** A thread's end in words. */
export function causeOf(thread: Thread, code: number): Error {
  const text = thread.error === undefined ? (thread.forced ?? `it exited with code ${code}`) : describe(thread.error)
  return new Error(`${thread.name}: ${text}`, thread.error === undefined ? undefined : { cause: thread.error })
}
