/** Owns what a part of a scenario is played with: the scheduler's own objects, over words and ports that wait for turns. */
import type { MessagePort } from "node:worker_threads"
import { ThreadCells } from "../../packages/scheduler/src/cells.ts"
import { Mesh, type PeerStart } from "../../packages/scheduler/src/mesh.ts"
import { StatCells } from "../../packages/scheduler/src/stats.ts"
import type { TurnWiring } from "./wiring.ts"

export interface ThreadStart {
  readonly me: number
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
}

export function kitOf(start: ThreadStart, wiring: TurnWiring): Kit {
  const { me, buffers, ports, plant } = start
  const peer = 1 - me
  const own = buffers[me] as SharedArrayBuffer
  const port = ports[me] as MessagePort
  const mesh = new Mesh("searched-", me + 1, me + 1, new ThreadCells(own, wiring.words(own)), () => {}, wiring)
  const towards: PeerStart = {
    id: peer + 1,
    slot: peer + 1,
    cells: buffers[peer] as SharedArrayBuffer,
    out: buffers[2 + me] as SharedArrayBuffer,
    in: buffers[2 + peer] as SharedArrayBuffer,
    port,
  }
  const stats = new StatCells()
  const connect = (): void => mesh.connect(towards)
  return { plant, mesh, connect, stats, count: name => stats.read(0, "", true)[name], sleep: () => wiring.sleep(port) }
}
