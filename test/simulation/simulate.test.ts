import { afterAll, describe, expect, test } from "vitest"
import { type SimulationOptions, SimulationThread } from "./simulate.ts"

const programs = new URL("./programs.ts", import.meta.url)
const thread = new SimulationThread()
afterAll(() => thread[Symbol.asyncDispose]())
const seeds = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const dying: SimulationOptions = { workers: 3, deadly: 500, deaths: 4 }

describe("a pool that is simulated", { timeout: 60_000 }, () => {
  test("gives what a real one gives, whatever the seed, and fibers move as bytes between its threads", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(4) }, programs, "forkJoin")
    for (const { failure, result } of runs) {
      expect(failure).toBeNull()
      expect(result).toEqual([144, 23203500, 34])
    }
    expect(runs.reduce((sum, { moved }) => sum + moved, 0)).toBeGreaterThan(20)
  })

  test("does the same again with the same seed, and something else with another, threads that die included", async () => {
    const [once, again] = [
      await thread.simulate({ ...dying, seeds: [3, 4] }, programs, "storm"),
      await thread.simulate({ ...dying, seeds: [3, 4] }, programs, "storm"),
    ]
    expect(again).toEqual(once)
    expect(once[0]?.trace).not.toBe(once[1]?.trace)
  })

  test("ends every fiber once while threads die at any access to shared memory", async () => {
    const runs = await thread.simulate({ ...dying, seeds: seeds(12) }, programs, "storm")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(30)
  })

  test("ends fibers after their children, however they wait for them", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(4) }, programs, "families")
    for (const { failure, result } of runs) {
      expect(failure).toBeNull()
      expect(Object.keys(result as object).filter(how => how !== "returned" && how !== "ROVE_INTERRUPTED")).toEqual([])
      expect((result as { returned: number }).returned).toBeGreaterThan(10)
    }
    expect(runs.reduce((sum, { moved }) => sum + moved, 0)).toBeGreaterThan(20)
  })

  test("does so while threads die: what is lost is lost once, and nobody waits for it for ever", async () => {
    const runs = await thread.simulate({ ...dying, seeds: seeds(4) }, programs, "families")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  })

  test("loses nothing while threads of its own and of others come and go", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(6) }, programs, "comings")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    for (const { result } of runs) expect(result).toMatchObject({ lost: 0 })
  })

  test("ends every fiber once while threads come and go, and others die", async () => {
    const runs = await thread.simulate({ ...dying, seeds: seeds(6) }, programs, "comings")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(20)
  })

  test("makes records of fibers and of those that join them, whichever of their threads is told first", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(20) }, programs, "records")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    for (const { result } of runs) expect(result).toMatchObject({ lost: 0 })
    expect(runs.reduce((sum, { result }) => sum + (result as { made: number }).made, 0)).toBeGreaterThan(100)
  })
})
