/** Owns what a worker is told when it starts. Plain data; ports are moved. */
import type { PeerStart } from "./mesh.ts"

/** The variable by which Node is told, once and at the start of a thread, where it keeps code; see `code-cache.ts`. */
export const CACHE_VARIABLE = "NODE_COMPILE_CACHE"

export interface WorkerStart {
  readonly id: number
  readonly slot: number
  readonly name: string
  readonly runtimeId: string
  readonly cells: SharedArrayBuffer
  readonly stats: SharedArrayBuffer
  /** Where it says what it runs; null if nobody would hear of that. */
  readonly pulse: SharedArrayBuffer | null
  readonly peers: readonly PeerStart[]
  /** The processor that the thread is to have for itself; null if it shares them all. */
  readonly processor: number | null
  readonly quantum: number
  readonly seed: number
  /** Fibers here at a time, and bytes on their way to others. */
  readonly limits: { readonly fibers: number; readonly bytes: number; readonly memory: number | null }
  /** Where the load hook is, and whether to install it before the first import; see `Modules`. */
  readonly register: string | null
  readonly hooked: boolean
}
