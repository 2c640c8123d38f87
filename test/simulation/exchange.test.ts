import { afterAll, describe, expect, test } from "vitest"
import { SimulationThread, simulate } from "./simulate.ts"

const program = new URL("./exchange.ts", import.meta.url)
const thread = new SimulationThread()
afterAll(() => thread[Symbol.asyncDispose]())
const seeds = (count: number, first = 100) => Array.from({ length: count }, (_, i) => first + i)

describe("values that fibers exchange in a simulated pool", { timeout: 60_000 }, () => {
  test("are received once and in order, by those who choose too, while receivers are interrupted at any time", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(10) }, program, "exchange")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  })
  test("are none of them lost while threads go: the pool has their channels then", async () => {
    const runs = await thread.simulate({ workers: 3, seeds: seeds(10) }, program, "comings")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  })
  test("are never doubled, and nobody waits for ever, while threads die at any access to shared memory", async () => {
    // with the last three, the home of both channels died while it asked one sender about both
    const runs = await thread.simulate(
      { workers: 3, deadly: 1500, deaths: 3, seeds: [...seeds(12), 127, 198, 214] },
      program,
      "exchange",
    )
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(5)
  })
  test("are lost if it is broken on purpose, and that is seen: who waits elsewhere leaves at once", async () => {
    const plant = "who waits elsewhere leaves at once"
    // bursts so short that interrupts come between a receiver's wait and its turn
    const runs = await simulate({ workers: 3, quantum: 0.1, plant, seeds: seeds(300, 0) }, program, "exchange")
    expect(runs.at(-1)?.failure).toContain("values were received")
  })
})
