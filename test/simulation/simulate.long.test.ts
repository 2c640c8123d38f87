import { expect, test } from "vitest"
import { simulate } from "./simulate.ts"

const programs = new URL("./programs.ts", import.meta.url)

test.for([2, 3])("over 300 seeds, threads that come and go beside %i others lose nothing", async workers => {
  const seeds = Array.from({ length: 300 }, (_, i) => 5000 + i)
  const runs = await simulate({ workers, seeds }, programs, "comings")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
})

test.for([2, 3, 5])("over 300 seeds, %i workers that die end every fiber once", async workers => {
  const seeds = Array.from({ length: 300 }, (_, i) => 1000 + i)
  const runs = await simulate({ workers, seeds, deadly: 100 + 300 * workers, deaths: 5 }, programs, "storm")
  expect(runs.filter(({ failure }) => failure !== null)).toEqual([])
})
