/** Interrupts of fibers that are stopped and resumed under their ids, in simulated pools and on real threads. */
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import { returns } from "./returns.ts"
import { simulate, type World } from "./simulate.ts"

const program = new URL("./returns.ts", import.meta.url)
const seeds = (count: number) => Array.from({ length: count }, (_, i) => 1 + i)

test("fibers of simulated pools end by the interrupts that were delivered, and by none that came too late for a former life", {
  timeout: 120_000,
}, async () => {
  const runs = await simulate({ workers: 3, seeds: seeds(100) }, program, "returns")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  expect(summed(runs.map(({ result }) => result))).toMatchObject(often)
})

test("so do those of real ones", { timeout: 120_000 }, async () => {
  await using pool = await Pool.start({ workers: 3 })
  const counts: unknown[] = []
  for (let seed = 1; seed <= 300; seed++) counts.push(await returns(pool, new SeededRandom(seed), nowhere))
  expect(summed(counts)).toMatchObject(often)
})

const nowhere = {} as World
/** Each kind came up. */
const many = expect.toSatisfy((count: number) => count > 50)
const often = { resumed: many, delivered: many, "too late": many, unknown: 0 }

function summed(counts: readonly unknown[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const each of counts)
    for (const [what, count] of Object.entries(each as object)) sums[what] = (sums[what] ?? 0) + count
  return sums
}
