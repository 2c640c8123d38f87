import { expect, test } from "vitest"
import { simulate } from "./simulate.ts"

const program = new URL("./waits.ts", import.meta.url)

test("every operation that waits is interrupted, timed out and moved in a simulated pool, whatever the seed", {
  timeout: 300_000,
}, async () => {
  const seeds = Array.from({ length: 20 }, (_, i) => 300 + i)
  const runs = await simulate({ workers: 3, seeds }, program, "waits")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  expect(runs.every(({ result }) => result === 99)).toBe(true)
  expect(runs.reduce((sum, { moved }) => sum + moved, 0)).toBeGreaterThan(1000)
})

test("that simulation is the same again with the same seed: no clock and no turn of the real event loop is in it", async () => {
  const once = await simulate({ workers: 3, seeds: [300, 301] }, program, "waits")
  const again = await simulate({ workers: 3, seeds: [300, 301] }, program, "waits")
  expect(again).toEqual(once)
  expect(once[0]?.trace).not.toBe(once[1]?.trace)
})
