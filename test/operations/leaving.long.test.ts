/** Storms of fibers that send, lock and wait in all ways, on a pool that closes at some moment: each ends once or is one record (invariant 25). */
import { expect, test } from "vitest"
import { leaving } from "./leaving.ts"

const WORLDS = {
  "threads that stay": { kills: false, resizes: false },
  "threads that go": { kills: false, resizes: true },
  "threads that die": { kills: true, resizes: false },
  "threads that go and die": { kills: true, resizes: true },
}
const MODES = ["interrupt", "drain", "record"] as const
const stories = Object.entries(WORLDS).flatMap(([what, world], i) =>
  MODES.flatMap((mode, j) => [
    { what, mode, ...world, seed: 10 * i + j, closes: 30 + 50 * i + 20 * j },
    { what, mode, ...world, seed: 100 + 10 * i + j, closes: Number.POSITIVE_INFINITY },
  ]),
)

test.each(stories)("on $what, in a pool that ends by $mode after $closes ms (seed $seed)", async story => {
  expect(await leaving(story)).toEqual([])
})
