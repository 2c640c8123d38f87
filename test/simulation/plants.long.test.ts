/** That the simulation sees what is broken: each fault that is planted makes some seed of a few fail. */
import { describe, expect, test } from "vitest"
import { simulate } from "./simulate.ts"

const programs = new URL("./programs.ts", import.meta.url)
const seeds = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe("a pool that is simulated", () => {
  test("fails if what fibers of a thread that leaves ended with is not handed over", async () => {
    const plant = "what fibers of a thread that leaves ended with is not handed over"
    const runs = await simulate({ workers: 3, plant, seeds: seeds(40) }, programs, "comings")
    expect(runs.at(-1)?.failure).not.toBeNull()
  })

  test.for(["no second look", "what a dead thread was sent is forgotten", "acceptances are not heard"])(
    "fails if it is broken on purpose: %s",
    async plant => {
      const runs = await simulate({ workers: 3, deadly: 500, deaths: 4, plant, seeds: seeds(30) }, programs, "storm")
      expect(runs.at(-1)?.failure).not.toBeNull()
    },
  )
})
