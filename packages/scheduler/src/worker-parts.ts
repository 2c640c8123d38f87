/** Owns the list of what a worker is made of, its limits included; another set of objects makes it a virtual one. */
import { RoveError, type ThreadIdentity } from "@rove/core"
import type { Machine, Random } from "@rove/fibers/scheduling"
import type { Clock } from "./clock.ts"
import type { Codec } from "./codec.ts"
import type { EventLoop } from "./loop.ts"
import type { Mesh } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import type { Pulse } from "./pulse.ts"
import type { StatCells } from "./stats.ts"

export interface WorkerParts {
  /** Made when somebody asks for it. */
  readonly identity: () => ThreadIdentity
  readonly machine: Machine
  readonly mesh: Mesh
  readonly codec: Codec
  readonly modules: Pick<Modules, "load">
  readonly clock: Clock
  readonly loop: EventLoop
  readonly random: Random
  readonly stats: StatCells
  readonly pulse: Pulse | null
  /** Of the machine; undefined where that is nothing to go by. */
  readonly processors?: number
  /** Of a slice while others are ready, in ms. */
  readonly quantum: number
  readonly limits: { readonly fibers: number; readonly bytes: number }
  /** Runs one slice so that what goes wrong in its asynchronous remains is attributed to the fiber. */
  readonly attributed: (fiberId: string) => void
  /** This thread was to go, and has nothing left to do. */
  readonly gone: () => void
}

/** What is thrown where a thread has so many fibers as it may. */
export function tooMany(thread: string, limit: number): RoveError {
  const what = `${thread} has ${limit} fibers, which is its limit: join some first, or raise limits.fibers`
  return new RoveError("ROVE_LIMIT", what)
}
