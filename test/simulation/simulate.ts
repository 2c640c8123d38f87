/** Owns simulating a pool: the whole scheduler on one thread, repeatable by its seed. */
import { on } from "node:events"
import { Worker } from "node:worker_threads"
import type { Pool } from "@rove/scheduler"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"

/** What ordinary code does with the pool; its result must be cloneable. It may use chance, but no clock and no I/O. */
export type Program = (pool: Pool, random: Random, world: World) => Promise<unknown>

export interface World {
  /** A thread that the pool did not make joins it; the result lets it go again. Rejects if the pool takes nobody in. */
  attach(pool: Pool): Promise<() => Promise<void>>
  /** Resolves later, in simulated time: turns of the real event loop pass as often as imports take, and no seed says how often. */
  pause(): Promise<void>
  /** Threads that have died so far, those that were about to go included. */
  readonly deaths: number
}

export interface SimulationOptions {
  readonly workers: number
  readonly quantum?: number
  /** One in so many accesses to shared memory lets another thread in. */
  readonly interrupted?: number
  /** One in so many is the last of its thread, */
  readonly deadly?: number
  /** so many times at most. */
  readonly deaths?: number
  /** What is broken on purpose, see plants.ts; then it ends with the first failure. */
  readonly plant?: string
}

export interface Simulation {
  readonly seed: number
  readonly result: unknown
  /** Fibers that went from one worker to another. */
  readonly moved: number
  /** Null, or what was thrown; also if nothing can happen any more. */
  readonly failure: string | null
  readonly steps: number
  /** Two runs have it in common only if they were the same. */
  readonly trace: number
  readonly deaths: number
}

export interface SimulationStart {
  readonly module: string
  readonly program: string
  readonly options: SimulationOptions
  readonly seeds: readonly number[]
}

/** Simulates the exported program of that module, once with each seed, on a thread of its own. */
export async function simulate(options: Seeded, module: URL, program: string): Promise<Simulation[]> {
  await using thread = new SimulationThread()
  return await thread.simulate(options, module, program)
}

type Seeded = SimulationOptions & { readonly seeds: readonly number[] }

/** A thread for one simulation after the other: most of a short one is the making of module instances, which they share. */
export class SimulationThread {
  readonly #worker = new Worker(new URL("./simulate.worker.ts", import.meta.url), { execArgv: ["--no-warnings"] })

  /** As the function; the next one has to wait for it. */
  async simulate({ seeds, ...options }: Seeded, module: URL, program: string): Promise<Simulation[]> {
    if (this.#worker.threadId < 0) throw new Error("the thread of the simulations has ended")
    const simulations: Simulation[] = []
    const messages = on(this.#worker, "message", { close: ["exit"] })
    this.#worker.postMessage({ module: module.href, program, options, seeds } satisfies SimulationStart)
    for await (const [simulation] of messages) {
      if (simulation === null) return simulations
      simulations.push(simulation)
    }
    throw new Error("the thread of the simulations has ended in one")
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
