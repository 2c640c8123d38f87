import { expect, test } from "vitest"
import { simulate } from "./simulate.ts"

const programs = new URL("./programs.ts", import.meta.url)

test.for([2, 3])("over 300 seeds, threads that come and go beside %i others lose nothing", async workers => {
  const seeds = Array.from({ length: 300 }, (_, i) => 5000 + i)
  const runs = await simulate({ workers, seeds }, programs, "comings")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
})

test.for([0.12, 0.3, 0.6])(
  "over 150 seeds, threads that come, go and die, with slices of %d ms, end every fiber once",
  async quantum => {
    const seeds = Array.from({ length: 150 }, (_, i) => 50 + i)
    const runs = await simulate({ workers: 3, quantum, seeds, deadly: 500, deaths: 4 }, programs, "comings")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  },
)

test.for([2, 3, 5])("over 300 seeds, %i workers that die end every fiber once", async workers => {
  const seeds = Array.from({ length: 300 }, (_, i) => 1000 + i)
  const runs = await simulate({ workers, seeds, deadly: 100 + 300 * workers, deaths: 5 }, programs, "storm")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
})

test.for([
  { workers: 2, first: 5050 },
  { workers: 3, quantum: 0.6, first: 1020 },
])(
  "over 100 seeds, a pool that makes records hears of all of them, though it reads a bell with the mail",
  async ({ first, ...options }) => {
    // the pool waited for a bell that it had read with 5098 and 1056
    const seeds = Array.from({ length: 100 }, (_, i) => first + i)
    const runs = await simulate({ ...options, seeds }, programs, "records")
    expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  },
)

test("over 60 seeds, each fiber is one record or is lost while threads die: a record is not lost with its thread, nor run again", async () => {
  const seeds = Array.from({ length: 60 }, (_, i) => 1 + i)
  const runs = await simulate({ workers: 3, seeds, deadly: 500, deaths: 4 }, programs, "records")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
  expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(100)
})
