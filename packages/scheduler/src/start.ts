/** Owns what a worker is told when it starts. Plain data; ports are moved. */
import type { PeerStart } from "./mesh.ts"

export interface WorkerStart {
  readonly id: number
  readonly slot: number
  readonly name: string
  readonly runtimeId: string
  readonly cells: SharedArrayBuffer
  readonly stats: SharedArrayBuffer
  readonly peers: readonly PeerStart[]
  readonly quantum: number
  readonly seed: number
  /** Where the load hook is, and whether to install it before the first import; see `Modules`. */
  readonly register: string | null
  readonly hooked: boolean
}
