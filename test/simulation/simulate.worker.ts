/** The one thread of a simulation: here lie the pool, the simulator and all realms. */
import { parentPort } from "node:worker_threads"
import { Pool } from "@rove/scheduler"
import { VirtualPlatform } from "./platform.ts"
import { installRealms } from "./realms.ts"
import type { Program, Simulation, SimulationOptions, SimulationStart } from "./simulate.ts"
import { Simulator } from "./simulator.ts"

installRealms()
/** Module instances are made once, and have one thread after the other. */
const free: number[] = []
let realms = 0

/** What is thrown where nobody catches it fails the simulation under way. */
let crash = Promise.withResolvers<never>()
process.on("uncaughtException", error => crash.reject(error))

parentPort?.on("message", async ({ module, program, options, seeds }: SimulationStart) => {
  const exports: Promise<Record<string, Program>> = import(module)
  // a module that cannot be imported fails each of its simulations
  const run = await exports.then(
    all => all[program] as Program,
    (error): Program =>
      () =>
        Promise.reject(error),
  )
  for (const seed of seeds) {
    crash = Promise.withResolvers()
    const simulation = await simulated(seed, run, options)
    parentPort?.postMessage(simulation)
    if (options.plant !== undefined && simulation.failure !== null) break // it is found
  }
  parentPort?.postMessage(null)
})

async function simulated(seed: number, run: Program, options: SimulationOptions): Promise<Simulation> {
  const { workers, quantum = 0.3, interrupted = 40, deadly = 0, deaths = 0, plant = null } = options
  const simulator = new Simulator(seed, { interrupted, deadly, deaths })
  const taken: number[] = []
  const platform = new VirtualPlatform(
    simulator,
    () => {
      const realm = free.shift() ?? ++realms
      taken.push(realm)
      return realm
    },
    plant,
  )
  const whole = async (): Promise<{ result: unknown; moved: number }> => {
    const pool = await Pool.start({ workers, seed, quantum, grace: 1_000_000 }, platform)
    const result = await run(pool, simulator.random, platform)
    const { threads } = pool.stats()
    await pool.close({ mode: "drain" })
    return { result, moved: threads.reduce((sum, { fibersIn }) => sum + fibersIn, 0) }
  }
  let over = false
  const ending = whole().finally(() => {
    over = true
  })
  let end: { result: unknown; moved: number; failure: string | null }
  try {
    const both = Promise.all([ending, simulator.run(() => over)])
    const [ended] = await Promise.race([both, crash.promise])
    end = { ...ended, failure: null }
  } catch (error) {
    end = { result: null, moved: 0, failure: String((error as Error).stack) }
  }
  if (end.failure === null) free.push(...taken) // else something may be under way there
  const { steps, trace, deaths: died } = simulator
  return { seed, steps, trace, deaths: died, ...end }
}
