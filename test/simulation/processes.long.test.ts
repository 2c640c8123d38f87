import { describe, expect, test } from "vitest"
import { simulate } from "./simulate.ts"

const program = new URL("./processes.ts", import.meta.url)
const seeds = (count: number) => Array.from({ length: count }, (_, i) => 200 + i)

describe("fibers that tell, link, monitor, supervise, name and resume each other in a simulated pool", {
  timeout: 300_000,
}, () => {
  test("do what they do on one thread, whatever the seed", async () => {
    const runs = await simulate({ workers: 3, seeds: seeds(40) }, program, "processes")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    expect(runs.reduce((sum, { moved }) => sum + moved, 0)).toBeGreaterThan(200)
  })
  test("end once, hear once, and wait for nobody for ever while threads die at any access to shared memory", async () => {
    const runs = await simulate({ workers: 3, deadly: 3000, deaths: 3, seeds: seeds(60) }, program, "processes")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
    expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(60)
  })
})
