/** Owns what a part of a scenario is played with: the scheduler's own objects, over words and ports that wait for turns. */
import type { MessagePort } from "node:worker_threads"
import { ThreadCells } from "../../packages/scheduler/src/cells.ts"
import type { Wiring } from "../../packages/scheduler/src/mailbox.ts"
import { Mesh, type PeerStart } from "../../packages/scheduler/src/mesh.ts"
import type { WorkerStart } from "../../packages/scheduler/src/start.ts"
import { StatCells } from "../../packages/scheduler/src/stats.ts"
import type { TurnWiring } from "./wiring.ts"

export interface ThreadStart {
  readonly me: number
  /** Ids of threads begin with it: 0 makes the first one the pool's own. */
  readonly first: number
  readonly scenario: string
  /** What is broken on purpose; null: nothing. */
  readonly plant: string | null
  readonly turns: SharedArrayBuffer
  /** Of each thread its cells, then of each thread what it writes to its peer. */
  readonly buffers: readonly SharedArrayBuffer[]
  readonly ports: readonly (MessagePort | null)[]
}

type Counted =
  | "stealsAsked"
  | "stealsGranted"
  | "stealsRefused"
  | "stealsWithdrawn"
  | "requestsAnswered"
  | "requestsRefused"
  | "fibersIn"

export interface Kit {
  readonly plant: string | null
  readonly mesh: Mesh
  /** To be called when it is said what becomes of mail. */
  readonly connect: () => void
  readonly stats: StatCells
  /** Reads the count. */
  readonly count: (name: Counted) => number
  /** As the event loop: returns when the bell rings, or a mail comes by the port. */
  readonly sleep: () => void
  /** What this thread would be told as a worker of the other one's pool, and by what it then reaches shared memory. */
  readonly start: WorkerStart
  readonly wiring: Wiring
}

const RUNTIME = "searched-"
const worker: Omit<WorkerStart, "id" | "slot" | "cells" | "stats" | "peers"> = {
  name: "searched",
  runtimeId: RUNTIME,
  pulse: null,
  processor: null,
  quantum: 1,
  seed: 1,
  limits: { fibers: 1000, bytes: 1_000_000, memory: null },
  register: null,
  hooked: false,
}

export function kitOf(start: ThreadStart, wiring: TurnWiring): Kit {
  const { me, first, buffers, ports, plant } = start
  const peer = 1 - me
  const own = buffers[me] as SharedArrayBuffer
  const port = ports[me] as MessagePort
  const id = first + me
  const mesh = new Mesh(RUNTIME, id, id, new ThreadCells(own, wiring.words(own)), () => {}, wiring)
  const towards: PeerStart = {
    id: first + peer,
    slot: first + peer,
    cells: buffers[peer] as SharedArrayBuffer,
    out: buffers[2 + me] as SharedArrayBuffer,
    in: buffers[2 + peer] as SharedArrayBuffer,
    port,
  }
  const stats = new StatCells()
  const connect = (): void => mesh.connect(towards)
  return {
    plant,
    mesh,
    connect,
    stats,
    count: name => stats.read(0, "", true)[name],
    sleep: () => wiring.sleep(port),
    start: { ...worker, id, slot: id, cells: own, stats: stats.buffer, peers: [towards] },
    wiring,
  }
}
